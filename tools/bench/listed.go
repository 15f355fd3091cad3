// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/internal/provider"
)

// list reads all customers of an account in one data source, and has the provider without an API make a value of the
// same form: that is the framework's own cost.
func (b bench) list(ctx context.Context, n int) error {
	a, err := startAPI(ctx, near)
	if err != nil {
		return err
	}
	defer a.stop()
	a.Seed(emulator.Seed{Customers: n})
	for _, what := range []struct{ step, program string }{
		{fmt.Sprintf("data source of %d", n), b.provider},
		{fmt.Sprintf("data source of %d, without an API", n), b.floor},
	} {
		a.reset()
		r, err := b.readDataSource(ctx, what.program, a.url, n)
		if err != nil {
			return err
		}
		r.Scenario, r.Network, r.Objects, r.Step = "data source", near.Name, n, what.step
		_, r.Requests, r.Refused = a.answered()
		b.report(r)
	}
	return nil
}

func (b bench) readDataSource(ctx context.Context, program, url string, n int) (r result, err error) {
	meter := meterFile(filepath.Join(b.folder, "meter"))
	p, err := startProvider(ctx, b.meter, append(meter.env(program),
		"AVARA_BASE_URL="+url, "AVARA_API_KEY="+emulator.DefaultAPIKey, fmt.Sprintf("FLOOR_CUSTOMERS=%d", n))...)
	if err != nil {
		return r, err
	}
	defer p.end()
	if err := p.configure(ctx, true); err != nil {
		return r, err
	}
	schemas, err := provider.NewServer("bench").GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return r, err
	}
	const dataSource = customerType + "s"
	config, err := objectOf(schemas.DataSourceSchemas[dataSource].ValueType(), nil)
	if err != nil {
		return r, err
	}
	started := time.Now()
	if _, err := p.call(ctx, "ReadDataSource", "ReadDataSource",
		newMessage("ReadDataSource.Request").text("type_name", dataSource).encoded("config", config.MsgPack)); err != nil {
		return r, err
	}
	wall := time.Since(started)
	p.end()
	used, err := meter.take()
	return result{Seconds: wall.Seconds(), CPUMilliseconds: used.cpu.Seconds() * 1000, PeakMiB: used.peakMiB}, err
}
