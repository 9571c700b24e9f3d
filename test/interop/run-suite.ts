import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../package/output-of.ts'
import { needPersistentSession, needSetting } from './known-exceptions.ts'

export interface SuiteResult {
  readonly passed: readonly string[]
  /** With the end of what the test printed. */
  readonly failed: readonly { readonly test: string; readonly output: string }[]
  readonly needs_persistent_session: readonly Exception[]
  readonly needs_setting: readonly Exception[]
}

/** A test that is not run, and why. */
export interface Exception {
  readonly test: string
  readonly because: string
}

export interface SuiteOptions {
  /** Of a clone of eclipse/paho.mqtt.testing. */
  readonly folder: string
  /** Of the broker, on this machine. */
  readonly port: number
  readonly progress: (line: string) => void
}

const limitMs = 60_000
const outputLines = 15

/**
 * Runs the program with its own main and options, and has it run one test. Its options and those of
 * `unittest.main` cannot be given on one command line.
 */
const oneTest = `
import os, runpy, sys, unittest
program, port, test = sys.argv[1:]
sys.path.insert(0, os.path.dirname(program))
main = unittest.main
unittest.main = lambda: main(argv=[program, 'Test.' + test])
sys.argv = [program, '--hostname=127.0.0.1', '--port=' + port]
runpy.run_path(program, run_name='__main__')
`

/** Runs each test of the suite for MQTT 3.1.1 clients in a process of its own, one after the other. */
export const runSuite = async ({ folder, port, progress }: SuiteOptions): Promise<SuiteResult> => {
  const program = join(folder, 'interoperability', 'client_test.py')
  const passed: string[] = []
  const failed: { test: string; output: string }[] = []
  const tests = testsIn(readFileSync(program, 'utf8'))
  for (const test of tests.filter((name) => !(name in needPersistentSession || name in needSetting))) {
    const { code, signal, stdout, stderr } = await run('python3', ['-c', oneTest, program, `${port}`, test], {
      limitMs,
    })
    if (code === 0) passed.push(test)
    else failed.push({ test, output: endOf(`${stdout}${stderr}`, signal) })
    progress(`${test}: ${code === 0 ? 'passed' : `FAILED\n${failed.at(-1)!.output}`}`)
  }
  return {
    passed,
    failed,
    needs_persistent_session: exceptionsOf(tests, needPersistentSession),
    needs_setting: exceptionsOf(tests, needSetting),
  }
}

const exceptionsOf = (tests: readonly string[], reasons: Readonly<Record<string, string>>): Exception[] =>
  tests.flatMap((test) => {
    const because = reasons[test]
    return because === undefined ? [] : [{ test, because }]
  })

/** Also the one that `unittest` does not find by its name, `will_message_test`. */
const testsIn = (source: string): string[] =>
  [...source.matchAll(/^ {4}def (test\w*|\w+_test)\(self\)/gm)].map(([, name]) => name!)

const endOf = (output: string, signal: NodeJS.Signals | null): string =>
  [
    ...output.trimEnd().split('\n').slice(-outputLines),
    ...(signal ? [`no end within ${limitMs / 1_000} s`] : []),
  ].join('\n')
