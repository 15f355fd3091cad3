// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

const customerType = "avara_express_customer"

// ordersOfReads is in how many orders up to 10,000 objects are read: how many requests that takes depends on when the
// list shows what is asked for. The numbers are means, but for the peak of the memory.
const ordersOfReads = 5

// reading is how many customers of an account are read, and how.
type reading struct {
	account, read int
	network
	bulk bool
}

// read reads customers over protocol 6, ten at a time, without a Terraform whose own costs would hide the provider's.
func (b bench) read(ctx context.Context, what reading) error {
	orders := ordersOfReads
	if what.read > 10_000 {
		orders = 1
	}
	var runs []result
	for order := range orders {
		r, err := b.readIn(ctx, what, rand.New(rand.NewPCG(uint64(order), 0))) //nolint:gosec // the same in every run
		if err != nil {
			return err
		}
		runs = append(runs, r)
	}
	r := meanOf(runs)
	r.Scenario, r.Network, r.Objects, r.Step = "protocol", what.Name, what.read, fmt.Sprintf("read %d of %d", what.read, what.account)
	if !what.bulk {
		r.Step += ", one by one"
	}
	b.report(r)
	return nil
}

// readIn has a new provider read any customers of a new account, in an order that has nothing to do with the list's.
func (b bench) readIn(ctx context.Context, what reading, order *rand.Rand) (r result, err error) {
	a, err := startAPI(ctx, what.network)
	if err != nil {
		return r, err
	}
	defer a.stop()
	a.Seed(emulator.Seed{Customers: what.account})
	var ids []string
	for _, customer := range a.Customers() {
		ids = append(ids, customer.ID)
	}
	order.Shuffle(what.account, func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	ids = ids[:what.read]

	meter := meterFile(filepath.Join(b.folder, "meter"))
	program, err := startProvider(ctx, b.meter, append(meter.env(b.provider), "AVARA_BASE_URL="+a.url, "AVARA_API_KEY="+emulator.DefaultAPIKey)...)
	if err != nil {
		return r, err
	}
	defer program.end()
	if err := program.configure(ctx, what.bulk); err != nil {
		return r, err
	}
	imported, err := program.call(ctx, "ImportResourceState", "ImportResourceState",
		newMessage("ImportResourceState.Request").text("type_name", customerType).text("id", ids[0]))
	if err != nil {
		return r, err
	}
	state := imported.at("imported_resources", "state", "msgpack")
	a.reset()
	wall, err := program.readAll(ctx, ids, func(id string) message {
		// The states differ by the id alone.
		own := bytes.ReplaceAll(state, []byte(ids[0]), []byte(id))
		return newMessage("ReadResource.Request").text("type_name", customerType).encoded("current_state", own)
	})
	if err != nil {
		return r, err
	}
	program.end()
	used, err := meter.take()
	r = result{
		Seconds: wall.Seconds(), CPUMilliseconds: used.cpu.Seconds() * 1000, PeakMiB: used.peakMiB, Connections: int(a.connections.Load()),
	}
	r.ByRoute, r.Requests, r.Refused = a.answered()
	return r, err
}

func (p *process) configure(ctx context.Context, bulk bool) error {
	schemas, err := provider.NewServer("bench").GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return err
	}
	config, err := objectOf(schemas.Provider.ValueType(), map[string]any{"bulk_refresh": bulk})
	if err != nil {
		return err
	}
	_, err = p.call(ctx, "ConfigureProvider", "ConfigureProvider",
		newMessage("ConfigureProvider.Request").text("terraform_version", "1.12.0").encoded("config", config.MsgPack))
	return err
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

// readAll reads every object, ten at a time, as Terraform does.
func (p *process) readAll(ctx context.Context, ids []string, request func(id string) message) (time.Duration, error) {
	var next atomic.Int64
	var walkers sync.WaitGroup
	failures := make(chan error, 10)
	started := time.Now()
	for range 10 {
		walkers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(ids) {
					return
				}
				if _, err := p.call(ctx, "ReadResource", "ReadResource", request(ids[i])); err != nil {
					failures <- err
					return
				}
			}
		})
	}
	walkers.Wait()
	close(failures)
	return time.Since(started), <-failures
}
