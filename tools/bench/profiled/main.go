// SPDX-License-Identifier: MPL-2.0

// Command profiled is the provider, which writes what its process took as profiles into the folder that PROFILE_FOLDER
// names: cpu-PID.pprof and heap-PID.pprof.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/avara-software/terraform-provider-avara/internal/leanserver"
	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

func main() {
	if err := run(os.Getenv("PROFILE_FOLDER")); err != nil {
		log.Fatal(err)
	}
}

func run(folder string) (err error) {
	cpu, err := create(folder, "cpu")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cpu.Close()) }()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	const address = "registry.terraform.io/avara-software/avara"
	leanserver.Prepare(address)
	server := provider.NewServer("profiled")
	err = tf6server.Serve(address, func() tfprotov6.ProviderServer { return server })
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	heap, err := create(folder, "heap")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, heap.Close()) }()
	runtime.GC()
	defer runtime.KeepAlive(server)
	return pprof.WriteHeapProfile(heap)
}

func create(folder, kind string) (*os.File, error) {
	return os.Create(filepath.Join(folder, fmt.Sprintf("%s-%d.pprof", kind, os.Getpid())))
}
