// SPDX-License-Identifier: MPL-2.0

// Package datafile keeps the account of an emulator in a file: locked against a
// second emulator, read to its last byte, and replaced as a whole, so that it is
// complete at any moment.
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

// largest bounds a data file, in bytes. It is room for some 600,000 customers.
const largest = 256 << 20

// saveDelay is how long [File.Keep] lets changes gather before it saves, at
// least. After a save that took long it waits saveShare times as long, so that
// saving a large account leaves most of the machine to others.
const (
	saveDelay = 200 * time.Millisecond
	saveShare = 5
)

// File is a data file that belongs to this process.
type File struct {
	path string // where the file is, behind symbolic links
	lock *os.File
}

// Open locks a data file, which need not exist yet, and removes what an
// interrupted write left behind. It fails where the file could not be saved: in
// a folder that does not exist, for example.
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

// Close gives the file free for others.
func (f *File) Close() error {
	return errors.Join(os.Remove(f.lock.Name()), f.lock.Close())
}

// beside is the path of a helper file in the same folder.
func (f *File) beside(extension string) string {
	folder, name := filepath.Split(f.path)
	return filepath.Join(folder, "."+name+"."+extension)
}

// follow returns the path that symbolic links lead to. A file that is not there
// yet is fine, its folder must exist.
func follow(path string) (string, error) {
	for range 40 { // as many as Linux follows
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", fmt.Errorf("there is no folder %s: %w", filepath.Dir(path), err)
		}
		path = filepath.Join(folder, filepath.Base(path))
		target, err := os.Readlink(path)
		if err != nil {
			return path, nil //nolint:nilerr // is not a link, which may be all that is wrong
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(folder, target)
		}
		path = target
	}
	return "", fmt.Errorf("%s: too many symbolic links", path)
}

// check refuses what is no file that can be replaced, and what is too large.
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

// Load restores the emulator's account from the file. A file that does not exist
// leaves the account as it is.
func (f *File) Load(ctx context.Context, e *emulator.Emulator) error {
	// Opened for writing too, so that a file that can't be written is found now,
	// and without waiting for the other end of what is no file but a pipe.
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
		err = fmt.Errorf("is larger than %d MiB", largest>>20) // and was not when it was opened
	}
	return text, err
}

// reader stops reading when the context ends.
type reader struct {
	ctx context.Context //nolint:containedctx // io.Reader has no other place for it
	io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

// Keep saves the emulator's account shortly after each change, until the context
// ends, and then a last time. It reports what goes wrong in between and goes on.
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

// save replaces the file, which is either the old or the new one at any moment,
// and keeps its permissions.
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
	err = errors.Join(err, file.Chmod(permissions), file.Sync(), file.Close()) // Chmod, as the umask has its say before
	if err == nil {
		err = os.Rename(file.Name(), f.path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return nil
}
