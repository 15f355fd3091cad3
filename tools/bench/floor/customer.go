// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// attributes are those that resource and data source share.
type attributes struct {
	ID                types.String `tfsdk:"id"`
	Name              types.String `tfsdk:"name"`
	Active            types.Bool   `tfsdk:"active"`
	UserCount         types.Int64  `tfsdk:"user_count"`
	CreatedAt         types.String `tfsdk:"created_at"`
	UpdatedAt         types.String `tfsdk:"updated_at"`
	CreatedByAPIKeyID types.String `tfsdk:"created_by_api_key_id"`
	CreatedByUserID   types.String `tfsdk:"created_by_user_id"`
	Metadata          types.Map    `tfsdk:"metadata"`
	EffectiveMetadata types.Map    `tfsdk:"effective_metadata"`
}

// complete fills in what an API would.
func (a *attributes) complete(id string) {
	a.ID, a.UserCount, a.EffectiveMetadata = types.StringValue(id), types.Int64Value(0), a.Metadata
	a.CreatedAt, a.UpdatedAt = types.StringValue("2026-01-02T03:04:05Z"), types.StringValue("2026-01-02T03:04:05Z")
	a.CreatedByAPIKeyID, a.CreatedByUserID = types.StringValue("8a0a1c36-7c4f-4c5e-9d5e-3f0f2f2f2f2f"), types.StringNull()
}

type model struct {
	attributes
	DeletionPolicy types.String   `tfsdk:"deletion_policy"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

type identity struct {
	ID types.String `tfsdk:"id"`
}

type schemas interface {
	Metadata(context.Context, resource.MetadataRequest, *resource.MetadataResponse)
	Schema(context.Context, resource.SchemaRequest, *resource.SchemaResponse)
	IdentitySchema(context.Context, resource.IdentitySchemaRequest, *resource.IdentitySchemaResponse)
}

// customer is the resource. It takes its values from the plan and the state, and writes the state as a provider with an
// API does, on a read, too: what that costs is a part of the floor.
type customer struct{ schemas }

func (*customer) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	var random [16]byte
	_, _ = rand.Read(random[:])
	m.complete("cus_" + hex.EncodeToString(random[:]))
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{m.ID})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (*customer) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m model
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{m.ID})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (*customer) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var m model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	m.complete(m.ID.ValueString())
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{m.ID})...)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (*customer) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m model
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
}

// customers is the data source.
type customers struct{ schemas datasource.DataSource }

type manyModel struct {
	Active       types.Bool   `tfsdk:"active"`
	NameContains types.String `tfsdk:"name_contains"`
	Metadata     types.Map    `tfsdk:"metadata"`
	Customers    []attributes `tfsdk:"customers"`
}

func (c *customers) Metadata(ctx context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	c.schemas.Metadata(ctx, req, resp)
}

func (c *customers) Schema(ctx context.Context, req datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	c.schemas.Schema(ctx, req, resp)
}

func (*customers) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m manyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	n, err := strconv.Atoi(os.Getenv("FLOOR_CUSTOMERS"))
	if err != nil {
		resp.Diagnostics.AddError("Unable to read FLOOR_CUSTOMERS", err.Error())
		return
	}
	m.Customers = make([]attributes, n)
	for i := range m.Customers {
		one := &m.Customers[i]
		one.Name, one.Active, one.Metadata = types.StringValue(fmt.Sprintf("Customer %d", i+1)), types.BoolValue(true), types.MapNull(types.StringType)
		one.complete(fmt.Sprintf("cus_%032x", i))
		pairs := map[string]attr.Value{}
		if i%3 == 0 { // as the emulator's seed
			pairs["contract"], pairs["tier"] = types.StringValue(fmt.Sprintf("C-%05d", i+1)), types.StringValue("gold")
		}
		one.EffectiveMetadata = types.MapValueMust(types.StringType, pairs)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}
