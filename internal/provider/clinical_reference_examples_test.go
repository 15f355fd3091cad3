// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

const exampleReferenceID = "ref_71ad5e9032c84fb6b90e4d17f8c26a5b"

// Each import of the examples takes over the existing reference.
func TestAccExamples_clinicalReferenceImport(t *testing.T) {
	t.Parallel()
	const folder = "resources/avara_clinical_reference"
	configuration := example(t, folder, "resource.tf")
	existing := func(t *testing.T) *account {
		t.Helper()
		a := newAccount(t)
		a.AddReference(emulator.Reference{ID: exampleReferenceID, Name: "North", Type: "facility", ExternalReferenceID: "LNC-04", IsActive: true})
		return a
	}
	for _, file := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(existing(t), configuration+example(t, folder, file))
			if strings.Contains(file, "identity") {
				w.needs(identities)
			}
			w.apply().expectOK()
			w.plan().expectOK().expectChanges()
			if all := w.References(); len(all) != 2 {
				t.Errorf("%d references, want the imported one and a new one", len(all))
			}
		})
	}
	for line := range strings.Lines(example(t, folder, "import.sh")) {
		command, isCommand := strings.CutPrefix(strings.TrimSpace(line), "terraform ")
		if !isCommand {
			continue
		}
		t.Run(command, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(existing(t), configuration)
			w.run(strings.Fields(command)...).expectOK()
			if state, _ := w.state("avara_clinical_reference.north_campus"); state["id"] != exampleReferenceID {
				t.Errorf("state %v", state)
			}
		})
	}
}

// The examples of sessions open one session in the plan and one in the apply.
func TestAccExamples_sessions(t *testing.T) {
	t.Parallel()
	for typeName, route := range sessionRoutes {
		t.Run(typeName, func(t *testing.T) {
			t.Parallel()
			a := newAccount(t)
			w := newWorkspace(a, "")
			w.needs(ephemerals)
			w.write(example(t, filepath.Join("ephemeral-resources", typeName), "ephemeral-resource.tf"))
			w.apply().expectOK().expectQuiet()
			if a.Counts()[route] == 0 {
				t.Errorf("no session was opened: %v", a.Counts())
			}
			if format := w.run("fmt", "-check", "-diff"); format.failed {
				t.Errorf("not in canonical format:\n%s", format.stdout)
			}
		})
	}
}
