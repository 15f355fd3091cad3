// SPDX-License-Identifier: MPL-2.0

package mirror

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

func TestImplied(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the wanted paths are those of Unix")
	}
	for name, test := range map[string]struct {
		goos string
		env  map[string]string
		want Folder
	}{
		"linux":                  {"linux", map[string]string{"HOME": "/h"}, "/h/.local/share/terraform/plugins"},
		"linux, XDG":             {"linux", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "/d"}, "/d/terraform/plugins"},
		"linux, XDG alone":       {"linux", map[string]string{"XDG_DATA_HOME": "/d"}, "/d/terraform/plugins"},
		"linux, a relative XDG":  {"linux", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "d"}, "/h/.local/share/terraform/plugins"},
		"macOS":                  {"darwin", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "/d"}, "/h/Library/Application Support/io.terraform/plugins"},
		"Windows":                {"windows", map[string]string{"APPDATA": "/a", "HOME": "/h"}, "/a/HashiCorp/Terraform/plugins"},
		"no home":                {"linux", nil, ""},
		"Windows, no APPDATA":    {"windows", map[string]string{"HOME": "/h"}, ""},
		"linux, a relative HOME": {"linux", map[string]string{"HOME": "h"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := implied(test.goos, func(key string) string { return test.env[key] })
			if got != test.want || (err != nil) != (test.want == "") {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	folder := Folder(filepath.Join(t.TempDir(), "plugins"))
	binary := filepath.Join(t.TempDir(), "provider")
	build := func(content string) {
		t.Helper()
		if err := os.WriteFile(binary, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	add := func(version string) {
		t.Helper()
		if err := folder.Add(binary, version); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(want string) {
		t.Helper()
		if got, err := folder.Version(binary); got != want || err != nil {
			t.Errorf("version %q, %v, want %q", got, err, want)
		}
	}
	build("first")
	expect("")
	add("0.1.1")
	expect("0.1.1")
	build("second")
	expect("")
	add("0.1.2")
	expect("0.1.2")
	build("first")
	expect("0.1.1")

	for _, path := range folder.paths("0.1.1") {
		info, err := os.Stat(path)
		if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o755 {
			t.Errorf("%s can't be executed by everybody: %v, %v", path, info, err)
		}
	}
	// A version that only one of the two programs can find does not count as installed.
	if err := os.Remove(folder.paths("0.1.1")[1]); err != nil {
		t.Fatal(err)
	}
	expect("")
}
