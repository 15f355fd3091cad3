// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
	"github.com/avara-software/terraform-provider-avara/tools/repository"
)

// newerSections are the sections of the guide on operations that not every supported
// Terraform can follow.
var newerSections = []string{
	"Suspend a customer at once, without a plan", "Stop managing an object", "Read the API key from Vault", "From a variable",
}

func TestAccGuide_operationsWithNewerVersions(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T, features ...feature) *guideWalk {
		t.Helper()
		t.Parallel()
		g := walkGuide(newAccount(t), "operations", features...)
		g.follow("Operations")
		g.ResetRequests()
		return g
	}
	t.Run("action", func(t *testing.T) {
		g := start(t, actions)
		g.AddCustomer(emulator.Customer{ID: exampleID, Name: "Northgate", IsActive: true})
		g.follow(newerSections[0])
		g.expectRequests(writes, deactivateRoute)
		if northgate, _ := g.Customer(exampleID); northgate.IsActive {
			t.Error("the customer is active")
		}
	})
	t.Run("removed", func(t *testing.T) {
		g := start(t, removedBlocks)
		delete(g.blocks, "resource avara_express_customer tenant")
		g.follow(newerSections[1])
		g.expectRequests(writes)
		if left := g.addresses(); len(left) > 0 {
			t.Errorf("in the state: %q", left)
		}
	})
	t.Run("Vault", func(t *testing.T) {
		g := start(t, ephemerals)
		g.standIn("hashicorp/vault", envVaultProvider+"="+emulator.DefaultAPIKey)
		g.env = append(g.env, "AVARA_API_KEY=")
		g.follow(newerSections[2])
		g.said("No changes.")
	})
	t.Run("variable", func(t *testing.T) {
		g := start(t, ephemerals)
		g.follow(newerSections[3])
		g.said("No changes.")
	})
}

// envVaultProvider makes the test binary run as a provider. Its value is the secret.
const envVaultProvider = "TEST_VAULT_PROVIDER"

// serveVaultProvider is the main function of the test binary if a Terraform started it in
// place of the Vault provider.
func serveVaultProvider(secret string) {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return &vaultProvider{secret: secret} },
		providerserver.ServeOpts{Address: "registry.terraform.io/hashicorp/vault"})
	if err != nil {
		log.Fatal(err)
	}
}

// vaultProvider stands in for hashicorp/vault. Its ephemeral resource has the arguments
// that the guide uses.
type vaultProvider struct{ secret string }

func (p *vaultProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "vault"
}
func (p *vaultProvider) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p *vaultProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (p *vaultProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (p *vaultProvider) Resources(context.Context) []func() resource.Resource       { return nil }
func (p *vaultProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return &vaultSecret{secret: p.secret} }}
}

type vaultSecret struct{ secret string }

func (s *vaultSecret) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "vault_kv_secret_v2"
}

func (s *vaultSecret) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"mount": schema.StringAttribute{Required: true},
		"name":  schema.StringAttribute{Required: true},
		"data":  schema.MapAttribute{Computed: true, ElementType: types.StringType},
	}}
}

func (s *vaultSecret) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m struct {
		Mount types.String      `tfsdk:"mount"`
		Name  types.String      `tfsdk:"name"`
		Data  map[string]string `tfsdk:"data"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	m.Data = map[string]string{"api_key": s.secret}
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

// The guide names the environment variables for a proxy and for a private certificate
// authority. The host of base_url is this machine, so that nothing leaves it even if the
// provider does not use the proxy. Nothing listens on the port: only the proxy can answer.
func TestAccDocuments_proxyAndPrivateAuthority(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	if runtime.GOOS != "linux" {
		t.Skip("only on Linux does Go read certificate authorities from SSL_CERT_FILE")
	}
	const host = "0.0.0.0:1" // Go never uses a proxy for 127.0.0.1
	a := newAccount(t)
	target, err := url.Parse(a.url)
	if err != nil {
		t.Fatal(err)
	}
	api := httptest.NewUnstartedServer(httputil.NewSingleHostReverseProxy(target))
	certificate, authority := selfSigned(t, net.IPv4zero)
	api.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	api.StartTLS()
	t.Cleanup(api.Close)
	var connected atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != host {
			http.Error(w, "not "+host, http.StatusForbidden)
			return
		}
		connected.Add(1)
		tunnel(t, w, r, api.Listener.Addr().String())
	}))
	t.Cleanup(proxy.Close)

	w := newEmptyWorkspace(a)
	writeFile(t, filepath.Join(w.dir, "authority.pem"), authority)
	w.env = append(w.env, "HTTPS_PROXY="+proxy.URL, "NO_PROXY=", "SSL_CERT_FILE="+filepath.Join(w.dir, "authority.pem"))
	writeFile(t, filepath.Join(w.dir, "main.tf"), requiredProviders+`
provider "avara" {
  base_url    = "https://`+host+`"
  api_key     = "`+emulator.DefaultAPIKey+`"
  max_retries = 0
}

resource "avara_express_customer" "test" {
  name = "Lakeside"
}
`)
	w.apply().expectOK()
	if connected.Load() == 0 || a.customer().Name != "Lakeside" {
		t.Errorf("%d connections through the proxy", connected.Load())
	}
}

// The guide removes the lock of a killed run with the id that the error shows.
func TestAccDocuments_forceUnlock(t *testing.T) {
	t.Parallel()
	needsTerraform(t)
	const id, command = "6c5c6be4-9d6f-4f0e-9d0a-1f2e3d4c5b6a", "terraform force-unlock LOCK_ID"
	if !strings.Contains(repository.Read(t, "docs/guides/operations.md"), "`"+command+"`") {
		t.Fatalf("the guide does not show %s", command)
	}
	var isLocked atomic.Bool
	isLocked.Store(true)
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == "UNLOCK":
			isLocked.Store(false)
		case r.Method == "LOCK" && isLocked.Load():
			w.WriteHeader(http.StatusLocked)
			_, _ = io.WriteString(w, `{"ID":"`+id+`"}`)
		case r.Method == http.MethodGet:
			w.WriteHeader(http.StatusNotFound) // no state yet
		}
	}))
	t.Cleanup(backend.Close)
	w := newGuide(newAccount(t))
	writeFile(t, filepath.Join(w.dir, "main.tf"), `terraform {
  backend "http" {
    address        = "`+backend.URL+`"
    lock_address   = "`+backend.URL+`"
    unlock_address = "`+backend.URL+`"
  }
}
`)
	w.shell("terraform init").expectOK()
	if locked := w.shell("terraform plan"); !locked.failed || !strings.Contains(locked.log, id) {
		t.Error("the error shows no id:", locked.stdout, tail(locked.log))
	}
	w.shell("echo yes | " + strings.Replace(command, "LOCK_ID", id, 1)).expectOK()
	w.shell("terraform plan").expectOK()
}

// tunnel answers a CONNECT: it copies bytes to the address and back.
func tunnel(t *testing.T, w http.ResponseWriter, r *http.Request, address string) {
	server, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", address)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	client, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		t.Error(err)
		return
	}
	_, _ = io.WriteString(client, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		_, _ = io.Copy(server, buffered)
		_ = server.Close()
	}()
	_, _ = io.Copy(client, server)
	_ = client.Close()
}

// selfSigned returns a certificate for the address, and the same as PEM, which makes it its
// own authority.
func selfSigned(t *testing.T, address net.IP) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{address},
		IsCA: true, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, authority
}
