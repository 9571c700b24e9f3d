// To be imported before a program: its disk breaks when it gets SIGUSR2.
import { breakDisk } from './break-disk.ts'

process.once('SIGUSR2', () => {
  breakDisk()
  console.error('the disk is broken')
})
