// SPDX-License-Identifier: MPL-2.0

package page_test

import (
	"html"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/avara-software/terraform-provider-avara/internal/emulator"
)

var versionField = regexp.MustCompile(`name="version" value="([0-9a-f]*)"`)

// versions returns the versions in the forms of a page: of the name and of the metadata.
func versions(t *testing.T, page string) (name, metadata string) {
	t.Helper()
	found := versionField.FindAllStringSubmatch(page, -1)
	if len(found) != 2 {
		t.Fatalf("%d versions in\n%s", len(found), page)
	}
	return found[0][1], found[1][1]
}

func TestRename(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", IsActive: true, Members: []string{"usr_1"}})
	view := "/?view=customer&id=" + id
	d.press("customers/rename", "id", id, "name", "Lakeside & Partners")
	wants(t, d.see(view), "<h1><bdi>Lakeside &amp; Partners</bdi></h1>", `value="Lakeside &amp; Partners"`)
	if got := d.customer(id); got.Name != "Lakeside & Partners" || !got.IsActive || len(got.Members) != 1 {
		t.Errorf("the customer is %+v", got)
	}
	before := d.Revision()
	for name, problem := range map[string]string{
		"": "A name must have a character that is not a blank.", "  ": "A name must have a character that is not a blank.",
		strings.Repeat("x", 256): "The name: must have 1 to 255 characters, not 256.",
	} {
		refused := d.refused("customers/rename", "id", id, "name", name, "back", view)
		wants(t, refused, `data-address="`+html.EscapeString(strings.ReplaceAll("/?id="+id+"&view=customer", "+", "%2B"))+`"`,
			"Lakeside &amp; Partners", "· Avara emulator</title>", `<input name="name" value="`+name+`"`, `aria-invalid="true"`, `id="wrong-name">`+problem)
	}
	if d.Revision() != before {
		t.Error("a rejected name changed something")
	}
	wants(t, d.see(d.do(ask("POST", "/_page/customers/rename", map[string][]string{"id": {id}, "name": {"Lakeside & Partners"}})).Header().Get("Location")), "Nothing has changed.")
}

// TestNamesThatAreHardToEdit uses unusual names that the API accepts.
func TestNamesThatAreHardToEdit(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for name, shown := range map[string]string{
		"   ":                    "<bdi>(3 blanks)</bdi>",
		"\u200b\u2060":           "<bdi>(invisible: U+200B, U+2060)</bdi>",
		"\u3164":                 "<bdi>(invisible: U+3164)</bdi>",
		strings.Repeat("😀", 255): "<bdi>" + strings.Repeat("😀", 255) + "</bdi>",
		"two\nlines":             "<bdi>two\nlines</bdi>",
		"abc\u202edef":           "<bdi>abc\u202edef</bdi>",
		"nul\x00":                "<bdi>nul\ufffd</bdi>",
	} {
		id := d.AddCustomer(emulator.Customer{Name: name, IsActive: true})
		view := "/?view=customer&id=" + id
		wants(t, html.UnescapeString(d.see("/")), `href="/?id=`+id+`&view=customer">`+shown)
		page := d.see(view)
		lacks(t, page, "maxlength")
		nameVersion, pairVersion := versions(t, page)
		// The name is sent back as a browser sends it, and the metadata can be saved as
		// well.
		sent := strings.ReplaceAll(strings.ReplaceAll(name, "\n", "\r\n"), "\x00", "\ufffd")
		d.press("customers/rename", "id", id, "name", sent, "version", nameVersion)
		d.press("customers/metadata", "id", id, "key", "tier", "value", "gold", "version", pairVersion)
		if got := d.customer(id); got.Name != name || got.Metadata["tier"] != "gold" {
			t.Errorf("%q has become %q, metadata %v", name, got.Name, got.Metadata)
		}
		if !strings.ContainsAny(name, "\n") {
			wants(t, page, `<input name="name"`)
		} else {
			wants(t, html.UnescapeString(page), "cannot be seen: U+000A", `<textarea name="name"`, "two\nlines</textarea>")
		}
		d.press("customers/rename", "id", id, "name", "Lakeside", "version", nameVersion)
		d.RemoveCustomer(id)
	}
}

// TestDirectionOfText expects that a right-to-left name does not change the direction of
// the text around it.
func TestDirectionOfText(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "abc\u202edef", IsActive: true})
	page := d.see("/?view=customer&id=" + id)
	wants(t, html.UnescapeString(page), "<title>\u2068abc\u202edef\u2069 · Avara", "cannot be seen: U+202E")
	said := d.see(d.send("customers/deactivate", "id", id).Header().Get("Location"))
	wants(t, said, `role="status">`, "<bdi>abc\u202edef</bdi></a> <span class=\"detail off\">deactivated")
}

func TestEditMetadata(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lines := "first\r\nsecond\nthird"
	stored := map[string]string{"tier": "gold", "note\n1": lines}
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: stored})
	view := "/?view=customer&id=" + id
	wants(t, d.see(view), "note\n1</textarea>", lines+"</textarea>", "tier</textarea>", "gold</textarea>")

	// As a browser sends it: in the order of the keys, with CRLF line breaks and the empty
	// rows.
	pairs := []string{"id", id, "key", "note\r\n1", "value", "first\r\nsecond\r\nthird", "key", "tier", "value", "silver", "key", "", "value", ""}
	d.press("customers/metadata", append(pairs, "key", "contract", "value", "C-1")...)
	want := map[string]string{"tier": "silver", "note\n1": lines, "contract": "C-1"}
	if got := d.customer(id).Metadata; !maps.Equal(got, want) {
		t.Errorf("metadata %q", got)
	}
	for problem, pairs := range map[string][]string{
		`id="wrong-pair-0">This value has no key`:                  {"key", "", "value", "lost"},
		`id="wrong-pair-1">This key is there twice`:                {"key", "a", "value", "1", "key", "a", "value", "2"},
		`id="wrong-pair-0">The key must have 1 to 100 characters`:  {"key", strings.Repeat("x", 101), "value", ""},
		`id="wrong-pair-0">The value must have 0 to 1000`:          {"key", "a", "value", strings.Repeat("x", 1001)},
		`id="wrong-pairs">The metadata: must have at most 50 pair`: manyPairs(51),
	} {
		refused := d.refused("customers/metadata", append([]string{"id", id, "back", view}, pairs...)...)
		wants(t, refused, problem)
		for i := 0; i < len(pairs); i += 2 { // the input is still there
			wants(t, refused, ">\n"+pairs[i+1]+"</textarea>")
		}
	}
	for _, odd := range [][]string{{"key", "a"}, {"value", "a"}} {
		d.refused("customers/metadata", append([]string{"id", id}, odd...)...)
	}
	if got := d.customer(id).Metadata; !maps.Equal(got, want) {
		t.Errorf("metadata %q after rejected forms", got)
	}
	d.press("customers/metadata", append([]string{"id", id}, manyPairs(50)...)...)
	if got := d.customer(id).Metadata; len(got) != 50 {
		t.Errorf("%d pairs", len(got))
	}
	d.press("customers/metadata", "id", id)
	if got := d.customer(id).Metadata; got != nil {
		t.Errorf("metadata %q after an empty form", got)
	}
}

func manyPairs(n int) (pairs []string) {
	for i := range n {
		pairs = append(pairs, "key", strings.Repeat("k", i+1), "value", "")
	}
	return pairs
}

// TestSaveOverALaterChange sends forms that show an older version of the object.
func TestSaveOverALaterChange(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	id := d.AddCustomer(emulator.Customer{Name: "Lakeside", Metadata: map[string]string{"tier": "gold"}})
	view := "/?view=customer&id=" + id
	oldName, oldPairs := versions(t, d.see(view))
	d.EditCustomer(id, func(c *emulator.Customer) {
		c.Name, c.Metadata = "Harbor", map[string]string{"tier": "gold", "terraform": "yes"}
	})
	mine := []string{"id", id, "back", view, "key", "tier", "value", "silver"}
	w := d.send("customers/metadata", append(mine, "version", oldPairs)...)
	page := w.Body.String()
	if got := d.customer(id).Metadata; w.Code != http.StatusConflict || got["terraform"] != "yes" || got["tier"] != "gold" {
		t.Errorf("status %d, metadata %v", w.Code, got)
	}
	wants(t, page, `role="alert"`, "changed after you opened the form", "terraform", "&#34;yes&#34;", "none", "tier", "&#34;gold&#34;", "&#34;silver&#34;",
		"silver</textarea>", "Save mine")
	_, newPairs := versions(t, page)
	d.press("customers/metadata", append(mine, "version", newPairs)...) // the person has seen the difference and saves again
	if got := d.customer(id).Metadata; !maps.Equal(got, map[string]string{"tier": "silver"}) {
		t.Errorf("metadata %v", got)
	}

	w = d.send("customers/rename", "id", id, "back", view, "name", "Cedar", "version", oldName)
	wants(t, w.Body.String(), "changed after you opened the form", "<bdi>Harbor</bdi>", "<bdi>Cedar</bdi>", `value="Cedar"`)
	if got := d.customer(id).Name; w.Code != http.StatusConflict || got != "Harbor" {
		t.Errorf("status %d, the name is %q", w.Code, got)
	}
	// A form that sets the current value does not conflict.
	d.press("customers/rename", "id", id, "name", "Harbor", "version", oldName)
	d.press("customers/metadata", append(mine, "version", oldPairs)...)
}
