// SPDX-License-Identifier: MPL-2.0

//go:build unix && !linux

package main

import "syscall"

// endWithParent does nothing: the watchdog alone ends a child whose parent dies.
func endWithParent(*syscall.SysProcAttr) {}

// endOrphan ends a child whose parent has died.
func endOrphan(pid int) {
	_ = syscall.Kill(pid, syscall.SIGTERM)
	_ = syscall.Kill(pid, syscall.SIGCONT) // what is stopped can't end
}

// adoptOrphans does nothing: process 1 is the parent of what a command leaves
// behind.
func adoptOrphans() error { return nil }
