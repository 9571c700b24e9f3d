#!/bin/sh
':' //; exec node --max-semi-space-size=64 "$0" "$@"
// Both a shell script and a module: "env -S node --flag" would do, were it known to BusyBox. The flag gives
// what lives for one batch room to die young; measured, it saves 0.6 to 1.9 µs of CPU a message under load.
import '../dist/cli/main.js'
