// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

// runProfile reads customers within this process and writes cpu.pprof and
// heap.pprof. The emulator shows in them too: look from leanserver down.
func runProfile(ctx context.Context, folder string) (err error) {
	const customers = 10_000
	a, err := startAPI(ctx, near)
	if err != nil {
		return err
	}
	defer a.stop()
	a.Seed(emulator.Seed{Customers: customers})
	server := provider.NewServer("bench")
	read, err := inProcess(ctx, server, a)
	if err != nil {
		return err
	}
	cpu, err := os.Create(filepath.Join(folder, "cpu.pprof"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cpu.Close()) }()
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	for _, customer := range a.Customers() {
		if err := read(customer.ID); err != nil {
			return err
		}
	}
	pprof.StopCPUProfile()
	heap, err := os.Create(filepath.Join(folder, "heap.pprof"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, heap.Close()) }()
	runtime.GC()
	defer runtime.KeepAlive(server)
	return pprof.WriteHeapProfile(heap)
}

// inProcess configures a provider and returns how to read a customer with it.
func inProcess(ctx context.Context, server tfprotov6.ProviderServer, a *api) (func(id string) error, error) {
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	config, err := objectOf(schemas.Provider.ValueType(), map[string]any{"base_url": a.url, "api_key": emulator.DefaultAPIKey})
	if err != nil {
		return nil, err
	}
	if _, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config}); err != nil {
		return nil, err
	}
	return func(id string) error {
		state, err := objectOf(schemas.ResourceSchemas[customerType].ValueType(), map[string]any{"id": id})
		if err != nil {
			return err
		}
		resp, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: customerType, CurrentState: state})
		if err == nil && len(resp.Diagnostics) > 0 {
			err = errors.New(resp.Diagnostics[0].Summary)
		}
		return err
	}, nil
}

// objectOf encodes an object whose other attributes are null.
func objectOf(typ tftypes.Type, attributes map[string]any) (*tfprotov6.DynamicValue, error) {
	object, _ := typ.(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, attribute := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, attributes[name])
	}
	encoded, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	return &encoded, err
}
