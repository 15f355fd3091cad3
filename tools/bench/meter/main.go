// SPDX-License-Identifier: MPL-2.0

// Command meter stands in for a provider in a benchmark: it runs the real one, whose path METER_PROGRAM holds, and
// when that has ended appends a line with its CPU time and peak memory to the file that METER_FILE names.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
)

func main() {
	cmd := exec.Command(os.Getenv("METER_PROGRAM"), os.Args[1:]...) //nolint:noctx // it ends when the plugin protocol ends it
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	if cmd.ProcessState == nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
		os.Exit(1)
	}
	usage, _ := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	line, _ := json.Marshal(map[string]int64{
		"cpuMicroseconds": (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Microseconds(),
		"peakKiB":         usage.Maxrss, // KiB on Linux
	})
	if file, err := os.OpenFile(os.Getenv("METER_FILE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		fmt.Fprintf(file, "%s\n", line)
		file.Close()
	}
	os.Exit(cmd.ProcessState.ExitCode())
}
