// SPDX-License-Identifier: MPL-2.0

//go:build unix && !linux

package main

import "syscall"

// endWithParent does nothing: only the watchdog ends a child whose parent dies.
func endWithParent(*syscall.SysProcAttr) {}

// endOrphan ends a child whose parent has died.
func endOrphan(pid int) {
	_ = syscall.Kill(pid, syscall.SIGTERM)
	_ = syscall.Kill(pid, syscall.SIGCONT) // a stopped process can't handle a signal
}

// adoptOrphans does nothing: process 1 becomes the parent of the processes that a command
// leaves behind.
func adoptOrphans() error { return nil }
