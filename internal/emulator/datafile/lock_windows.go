// SPDX-License-Identifier: MPL-2.0

package datafile

import (
	"errors"
	"os"
	"syscall"
)

var errInUse = errors.New("another avara-emulator uses this file")

// lock creates a file that other processes can't open while it is open here.
func lock(path string) (*os.File, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, err
	}
	const share = syscall.FILE_SHARE_DELETE // allows removing the file while it is open
	handle, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, share, nil,
		syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		const sharingViolation = syscall.Errno(32)
		if errors.Is(err, sharingViolation) {
			return nil, errInUse
		}
		return nil, err
	}
	return os.NewFile(uintptr(handle), path), nil
}
