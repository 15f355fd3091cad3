// SPDX-License-Identifier: MPL-2.0

// Command licenses writes the licences of all code that is compiled into a program. BSD,
// MIT and Apache licences require them to be distributed with binaries. The release runs
// it.
//
//	go run ./tools/licenses -o FILE PACKAGE
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

// systems are the operating systems of the release. The packages that are compiled in
// differ between them.
var systems = []string{"darwin", "freebsd", "linux", "windows"}

// legalFile matches the names of files that must be distributed with a program.
var legalFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)(-.+|\..+)?$`)

func main() {
	out := flag.String("o", "", "`file` to write")
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		log.Fatal("usage: licenses -o FILE PACKAGE")
	}
	text, err := licenses(".", flag.Arg(0))
	if err == nil {
		err = os.MkdirAll(filepath.Dir(*out), 0o755)
	}
	if err == nil {
		err = os.WriteFile(*out, text, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// part is a module that is compiled in, with its root folder and the folders of its
// packages.
type part struct {
	name    string // path and version
	root    string
	folders map[string]bool
}

// licenses returns the licences of the modules that are compiled into a package. pkg is a
// package path relative to folder.
func licenses(folder, pkg string) ([]byte, error) {
	parts := map[string]*part{}
	for _, system := range systems {
		if err := addParts(parts, folder, pkg, system); err != nil {
			return nil, err
		}
	}
	var text bytes.Buffer
	fmt.Fprintln(&text, "This program contains the following software, each under the licences that stand below its name.")
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if err := parts[name].write(&text); err != nil {
			return nil, err
		}
	}
	return text.Bytes(), nil
}

// addParts adds the modules that are compiled in on a system, according to go list.
func addParts(parts map[string]*part, folder, pkg, system string) error {
	cmd := exec.Command("go", "list", "-deps", "-json=Dir,Root,Standard,Module", pkg) //nolint:noctx // ends by itself
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0", "GOFLAGS=-mod=readonly")
	cmd.Stderr = os.Stderr
	list, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("cannot list what %s needs on %s: %w", pkg, system, err)
	}
	for decoder := json.NewDecoder(bytes.NewReader(list)); ; {
		var p struct {
			Dir, Root string
			Standard  bool
			Module    *struct {
				Path, Version, Dir string
				Main               bool
			}
		}
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case p.Standard:
			name := "The Go standard library " + runtime.Version()
			parts[name] = &part{name: name, root: p.Root}
		case !p.Module.Main:
			name := p.Module.Path + " " + p.Module.Version
			if parts[name] == nil {
				parts[name] = &part{name: name, root: p.Module.Dir, folders: map[string]bool{}}
			}
			parts[name].folders[p.Dir] = true
		}
	}
}

// write writes the name and the licences of a module: those in its root folder, which must
// exist, and those of packages with licences of their own.
func (p *part) write(text io.Writer) error {
	line := strings.Repeat("=", 80)
	fmt.Fprintf(text, "\n%s\n%s\n%s\n", line, p.name, line)
	written := map[string]bool{}
	for _, folder := range append([]string{p.root}, slices.Sorted(maps.Keys(p.folders))...) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			path := filepath.Join(folder, entry.Name())
			if entry.IsDir() || !legalFile.MatchString(entry.Name()) || strings.HasSuffix(path, ".go") || written[path] {
				continue
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			written[path] = true
			fmt.Fprintf(text, "\n%s\n", bytes.TrimSpace(content))
		}
		if len(written) == 0 {
			return fmt.Errorf("%s has no licence in %s", p.name, p.root)
		}
	}
	return nil
}
