package main

import (
	"context"
	"os"
	"path/filepath"
	"syscall"

	"verbatim/retrieval/local"
)

// writeLock is the byte of the -shm file that a writer locks:
// https://www.sqlite.org/walformat.html section 2.3.1 (read 2026-11-22).
const writeLock = 120

// lockLibrary keeps all other processes from writing to the library, as one
// that writes does, until unlock is called.
func lockLibrary(dir string) (unlock func(), err error) {
	l, err := local.Open(context.Background(), dir, local.Options{MustExist: true})
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, "library.db-shm"), os.O_RDWR, 0)
	if err != nil {
		l.Close()
		return nil, err
	}
	lock := syscall.Flock_t{Type: syscall.F_WRLCK, Start: writeLock, Len: 1}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_SETLK, &lock); err != nil {
		f.Close()
		l.Close()
		return nil, err
	}
	return func() { f.Close(); l.Close() }, nil
}

// mountSmall mounts a disk of 250 KiB, which needs a right that few have.
func mountSmall(dir string) (unmount func() error, err error) {
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=250k"); err != nil {
		return nil, err
	}
	return func() error { return syscall.Unmount(dir, 0) }, nil
}
