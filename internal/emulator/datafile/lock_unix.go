// SPDX-License-Identifier: MPL-2.0

//go:build unix

package datafile

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

var errInUse = errors.New("another avara-emulator uses this file")

// lock creates a file and locks it while it is open. The previous owner may have removed
// the file between these two steps. The lock is useless then, and the file is created
// again.
func lock(path string) (*os.File, error) {
	for {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
			_ = file.Close()
			if errors.Is(err, syscall.EWOULDBLOCK) {
				return nil, errInUse
			}
			return nil, fmt.Errorf("cannot lock %s: %w", path, err)
		}
		locked, err := file.Stat()
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		if current, err := os.Stat(path); err == nil && os.SameFile(locked, current) {
			return file, nil
		}
		_ = file.Close()
	}
}
