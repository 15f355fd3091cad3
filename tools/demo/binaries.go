// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"runtime"
)

const module = "github.com/avara-software/terraform-provider-avara"

type binaries struct{ provider, emulator string }

// build compiles the story's two programs into folder.
func build(ctx context.Context, folder string) (binaries, error) {
	target := filepath.Join(folder, "bin") + string(filepath.Separator)
	output, err := exec.CommandContext(ctx, "go", "build", "-o", target, module, module+"/cmd/avara-emulator").CombinedOutput()
	if err != nil {
		return binaries{}, fmt.Errorf("go build: %w\n%s", err, output)
	}
	suffix := ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	return binaries{
		provider: target + "terraform-provider-avara" + suffix,
		emulator: target + "avara-emulator" + suffix,
	}, nil
}
