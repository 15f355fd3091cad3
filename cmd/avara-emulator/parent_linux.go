// SPDX-License-Identifier: MPL-2.0

package main

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// endWithParent has the system end a child whose parent dies, so that this does
// not depend on the watchdog alone.
func endWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGTERM }

// endOrphan continues a child whose parent has died, if it is stopped: it can't
// end before.
func endOrphan(pid int) { _ = syscall.Kill(pid, syscall.SIGCONT) }

// adoptOrphans makes the emulator the parent of what its command leaves behind,
// so that endGroup sees at once when it has ended.
func adoptOrphans() error { return unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) }
