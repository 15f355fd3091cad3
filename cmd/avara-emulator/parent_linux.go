// SPDX-License-Identifier: MPL-2.0

package main

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// endWithParent makes the system end a child when its parent dies, in addition to the
// watchdog.
func endWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGTERM }

// endOrphan continues a stopped child whose parent has died, since it can't handle the
// signal while it is stopped.
func endOrphan(pid int) { _ = syscall.Kill(pid, syscall.SIGCONT) }

// adoptOrphans makes the emulator the parent of the processes that its command leaves
// behind, so that endGroup notices at once when they have ended.
func adoptOrphans() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }
