// SPDX-License-Identifier: MPL-2.0

// Package datafile keeps the account of an emulator in a file. It locks the file against
// other emulators, reads it strictly, and replaces the file atomically.
package datafile

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// largest is the maximum size of a data file in bytes. It is enough for about 600,000
// customers.
const largest = 256 << 20

// saveDelay is the shortest time that [File.Keep] waits for further changes before it
// saves. After a slow save it waits saveShare times as long as the save took, so that
// saving a large account does not use up the machine.
const (
	saveDelay = 200 * time.Millisecond
	saveShare = 5
)

// File is a data file that this process has locked.
type File struct {
	path string // path of the file, with symbolic links resolved
	lock *os.File
}

// Open locks a data file, which may not exist yet, and removes the temporary file of an
// interrupted write. It fails if the file could not be saved, for example because the
// folder does not exist.
func Open(path string) (*File, error) {
	target, err := follow(path)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(target); err == nil {
		if err := check(info); err != nil {
			return nil, fmt.Errorf("%s %w", path, err)
		}
	}
	f := &File{path: target}
	if f.lock, err = lock(f.beside("lock")); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := os.Remove(f.beside("new")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Close releases the lock.
func (f *File) Close() error {
	return errors.Join(os.Remove(f.lock.Name()), f.lock.Close())
}

// beside is the path of a helper file in the same folder.
func (f *File) beside(extension string) string {
	folder, name := filepath.Split(f.path)
	return filepath.Join(folder, "."+name+"."+extension)
}

// follow resolves symbolic links. The file may not exist yet, but its folder must.
func follow(path string) (string, error) {
	for range 40 { // the limit of Linux
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", fmt.Errorf("there is no folder %s: %w", filepath.Dir(path), err)
		}
		path = filepath.Join(folder, filepath.Base(path))
		target, err := os.Readlink(path)
		if err != nil {
			return path, nil //nolint:nilerr // not a link, so the path is resolved
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(folder, target)
		}
		path = target
	}
	return "", fmt.Errorf("%s: too many symbolic links", path)
}

// check rejects what can't be replaced as a file, and what is too large.
func check(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("is a directory")
	case !info.Mode().IsRegular():
		return errors.New("is not a regular file, and only those can be saved to")
	case info.Size() > largest:
		return fmt.Errorf("is larger than %d MiB", largest>>20)
	}
	return nil
}

// Load restores the emulator's account from the file. If the file does not exist, the
// account stays unchanged.
func (f *File) Load(ctx context.Context, e *emulator.Emulator) error {
	// The file is opened for writing too, so that a read-only file is detected now.
	// O_NONBLOCK avoids waiting for the other end of a named pipe.
	file, err := os.OpenFile(f.path, os.O_RDWR|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	defer file.Close()
	text, err := read(ctx, file)
	var state emulator.State
	if err == nil {
		state, err = emulator.ParseState(text)
	}
	if err == nil {
		err = e.Restore(state)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	return nil
}

func read(ctx context.Context, file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err == nil {
		err = check(info)
	}
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(reader{ctx, file}, largest+1))
	if err == nil && len(text) > largest {
		err = fmt.Errorf("is larger than %d MiB", largest>>20) // it has grown since it was opened
	}
	return text, err
}

// reader is an io.Reader that fails when the context is done.
type reader struct {
	ctx context.Context //nolint:containedctx // io.Reader has no context parameter
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// Keep saves the emulator's account shortly after each change until the context is done,
// and then a last time. It passes errors in between to report and continues.
func (f *File) Keep(ctx context.Context, e *emulator.Emulator, report func(error)) error {
	delay := saveDelay
	for {
		select {
		case <-e.Changed():
		case <-ctx.Done():
			return f.save(e.State())
		}
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return f.save(e.State())
		}
		started := time.Now()
		if err := f.save(e.State()); err != nil {
			report(err)
		}
		delay = max(saveDelay, saveShare*time.Since(started))
	}
}

// save replaces the file atomically and keeps its permissions.
func (f *File) save(state emulator.State) error {
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return err
	}
	if len(text) >= largest {
		return fmt.Errorf("%s: the account takes more than %d MiB, which could not be loaded again", f.path, largest>>20)
	}
	permissions := fs.FileMode(0o600)
	if info, err := os.Stat(f.path); err == nil {
		permissions = info.Mode().Perm()
	}
	file, err := os.OpenFile(f.beside("new"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, permissions)
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	err = errors.Join(err, file.Chmod(permissions), file.Sync(), file.Close()) // Chmod, since creating the file applies the umask
	if err == nil {
		err = os.Rename(file.Name(), f.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
