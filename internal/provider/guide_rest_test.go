// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

// The objects of a generic REST provider are moved to this provider without writing to the
// API, and the next plan is empty.
func TestAccGuide_comingFromAGenericRESTProvider(t *testing.T) {
	t.Parallel()
	w := newRESTGuide(t, movedTypes)
	before := w.State()
	w.replace("before.tf", "after.tf")
	plans := []string{"Plan: 0 to add, 0 to change, 0 to destroy", "No changes."}
	for line := range strings.Lines(example(t, restGuide, "move.sh")) {
		r := w.shell(line).expectOK()
		if strings.HasPrefix(line, "terraform plan") {
			if !strings.Contains(r.stdout, plans[0]) {
				t.Errorf("%s: no %q in\n%s", line, plans[0], tail(r.stdout))
			}
			plans = plans[1:]
		}
	}
	w.expectUntouched(before)
	if got := w.addresses(); len(got) != 3 || slices.ContainsFunc(got, isREST) {
		t.Errorf("state: %q", got)
	}
}

// The same for a Terraform that can't move an object to another resource type.
func TestAccGuide_forgetByCommand(t *testing.T) {
	t.Parallel()
	w := newRESTGuide(t)
	before := w.State()
	w.replace("before.tf", "")
	for line := range strings.Lines(example(t, restGuide, "forget.sh")) {
		w.shell(line).expectOK()
	}
	if got := w.addresses(); len(got) > 0 {
		t.Errorf("state: %q", got)
	}
	if r := w.shell("terraform plan").expectOK(); !strings.Contains(r.stdout, "No changes.") {
		t.Error(tail(r.stdout))
	}
	w.expectUntouched(before)
}

const restGuide = "guides/coming-from-a-generic-rest-provider"

// newRESTGuide is an account whose objects are in the state of a generic REST provider, as
// they are where the guide begins.
func newRESTGuide(t *testing.T, features ...feature) *workspace {
	t.Helper()
	w := newGuide(newAccount(t), features...)
	w.standIn("mastercard/restapi", envRESTProvider+"="+w.url)
	writeFile(t, filepath.Join(w.dir, "versions.tf"), `terraform {
  required_providers {
    avara   = { source = "avara-software/avara" }
    restapi = { source = "Mastercard/restapi" }
  }
}
`)
	w.add("", restGuide+"/before.tf")
	w.shell("terraform apply").expectOK()
	for _, c := range w.Customers() {
		if c.Name == "Harbor Ortho Group" {
			w.EditCustomer(c.ID, func(c *emulator.Customer) { c.IsActive = false })
		}
	}
	if got := w.addresses(); len(got) != 3 || len(w.Customers()) != 2 {
		t.Fatalf("state: %q", got)
	}
	w.ResetRequests()
	return w
}

// standIn makes Terraform run the test binary, with a variable in its environment, in
// place of another provider.
func (w *workspace) standIn(source, variable string) {
	w.t.Helper()
	executable, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	folder := w.t.TempDir()
	if err := os.Symlink(executable, filepath.Join(folder, "terraform-provider-"+path.Base(source))); err != nil {
		w.t.Fatal(err)
	}
	cliConfig := filepath.Join(w.dir, "cli.tfrc")
	overrides, err := os.ReadFile(cliConfig)
	if err != nil {
		w.t.Fatal(err)
	}
	writeFile(w.t, cliConfig, strings.Replace(string(overrides), "dev_overrides {", fmt.Sprintf("dev_overrides {\n    %q = %q", source, folder), 1))
	w.env = append(w.env, variable)
}

// replace removes a file and adds one of the guide's files instead.
func (w *workspace) replace(old, file string) {
	w.t.Helper()
	if err := os.Remove(filepath.Join(w.dir, old)); err != nil {
		w.t.Fatal(err)
	}
	if file != "" {
		w.add("", restGuide+"/"+file)
	}
}

// expectUntouched asserts that no request was a write, and that the account did not
// change.
func (w *workspace) expectUntouched(before emulator.State) {
	w.t.Helper()
	for _, request := range w.Requests() {
		if request.Method != http.MethodGet {
			w.t.Errorf("%s was sent", request.Route)
		}
	}
	if !reflect.DeepEqual(w.State(), before) {
		w.t.Error("the account has changed")
	}
}

func isREST(address string) bool { return strings.HasPrefix(address, "restapi_object") }

// envRESTProvider makes the test binary run as a provider. Its value is the URL of the
// API.
const envRESTProvider = "TEST_REST_PROVIDER"

// serveRESTProvider is the main function of the test binary if a Terraform started it as a
// provider.
func serveRESTProvider(url string) {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return &restProvider{url: url} },
		providerserver.ServeOpts{Address: "example.com/mastercard/restapi"})
	if err != nil {
		log.Fatal(err)
	}
}

// restProvider stands in for a generic REST provider. Its one resource creates and reads
// the object at a configured path.
type restProvider struct{ url string }

func (p *restProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "restapi"
}
func (p *restProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p *restProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (p *restProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (p *restProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &restObject{url: p.url} }}
}

type restObject struct{ url string }

type restModel struct {
	ID          types.String `tfsdk:"id"`
	Path        types.String `tfsdk:"path"`
	IDAttribute types.String `tfsdk:"id_attribute"`
	Data        types.String `tfsdk:"data"`
}

func (r *restObject) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "restapi_object"
}

func (r *restObject) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":           schema.StringAttribute{Computed: true, PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}},
		"path":         schema.StringAttribute{Required: true},
		"id_attribute": schema.StringAttribute{Required: true},
		"data":         schema.StringAttribute{Required: true},
	}}
}

func (r *restObject) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var m restModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &m)...)
	object, err := r.send(ctx, http.MethodPost, m.Path.ValueString(), m.Data.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("POST failed", err.Error())
		return
	}
	m.ID = types.StringValue(fmt.Sprint(object[m.IDAttribute.ValueString()]))
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

func (r *restObject) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var m restModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if _, err := r.send(ctx, http.MethodGet, m.Path.ValueString()+"/"+m.ID.ValueString(), ""); err != nil {
		resp.Diagnostics.AddError("GET failed", err.Error())
	}
}

func (r *restObject) Update(_ context.Context, _ resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.Diagnostics.AddError("Unexpected update", "Nothing of this test updates.")
}

// Delete sends a DELETE, as generic providers do, which this API does not support.
func (r *restObject) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var m restModel
	resp.Diagnostics.Append(req.State.Get(ctx, &m)...)
	if _, err := r.send(ctx, http.MethodDelete, m.Path.ValueString()+"/"+m.ID.ValueString(), ""); err != nil {
		resp.Diagnostics.AddError("DELETE failed", err.Error())
	}
}

func (r *restObject) send(ctx context.Context, method, path, body string) (object map[string]any, err error) {
	req, err := http.NewRequestWithContext(ctx, method, r.url+path, bytes.NewBufferString(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+emulator.DefaultAPIKey)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d %s", resp.StatusCode, answer)
	}
	if err == nil {
		err = json.Unmarshal(answer, &object)
	}
	return object, err
}
