// SPDX-License-Identifier: MPL-2.0

package repository

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const (
	registryDocs = "https://registry.terraform.io/providers/avara-software/avara/latest/docs"
	sourceCode   = `^https://(?:github\.com/avara-software/terraform-provider-avara/(?:blob|tree)|` +
		`raw\.githubusercontent\.com/avara-software/terraform-provider-avara)/main/(.+)$`
)

var (
	picture     = regexp.MustCompile(`(?:src|srcset)="([^"]+)"`)
	link        = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	inlineCode  = regexp.MustCompile("`[^`\n]+`")
	headingLine = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInAnchor = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	anchorTag   = regexp.MustCompile(`<a id="([^"]+)">`)
)

// Links within the repository have a target. Links in docs/ must work on GitHub and in the
// registry, which serves the index without a trailing slash and the other pages without
// .md. Only full URLs work on both.
func TestLinks(t *testing.T) {
	t.Parallel()
	for _, d := range Documents(t) {
		prose := inlineCode.ReplaceAllString(d.Prose, "code")
		for _, match := range append(link.FindAllStringSubmatch(prose, -1), picture.FindAllStringSubmatch(prose, -1)...) {
			if problem := linkProblem(t, d, match[1]); problem != "" {
				t.Errorf("%s: link to %s: %s", d.Path, match[1], problem)
			}
		}
	}
}

// The README shows each picture. Together they are small, since every clone downloads
// them.
func TestPictures(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(Root, ".github", "pictures", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no pictures found", err)
	}
	var size int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
		if !strings.Contains(Read(t, "README.md"), ".github/pictures/"+filepath.Base(file)) {
			t.Errorf("the README does not show %s", filepath.Base(file))
		}
	}
	if size > 1<<20 {
		t.Errorf("the pictures have %d bytes, more than 1 MiB", size)
	}
}

// The README links to each guide.
func TestReadmeHasGuides(t *testing.T) {
	t.Parallel()
	guides, err := filepath.Glob(filepath.Join(Root, "docs", "guides", "*.md"))
	if err != nil || len(guides) == 0 {
		t.Fatal("no guides found", err)
	}
	for _, guide := range guides {
		if !strings.Contains(Read(t, "README.md"), "(docs/guides/"+filepath.Base(guide)+")") {
			t.Errorf("the README lacks the guide %s", filepath.Base(guide))
		}
	}
}

func TestLinkProblem(t *testing.T) {
	t.Parallel()
	const source = "https://github.com/avara-software/terraform-provider-avara/"
	readme := newDocument("README.md", "# Use it\n\n## What's `new`?\n")
	page := newDocument("docs/index.md", "# Index\n")
	for target, wrong := range map[string]struct{ readme, page bool }{
		"https://example.com/x":         {false, false},
		"docs/index.md":                 {false, true},
		"docs/indx.md":                  {true, true},
		"#whats-new":                    {false, true},
		"#index":                        {true, false},
		"docs/index.md#no-such-heading": {true, true},
		registryDocs:                    {false, false},
		registryDocs + "/resources/express_customer":     {false, false},
		registryDocs + "/resources/express_customers":    {true, true},
		registryDocs + "/resources/express_customer#x-y": {true, true},
		source + "tree/main/internal":                    {false, false},
		source + "blob/main/main.py":                     {true, true},
		source + "releases":                              {false, false},
		"https://raw.githubusercontent.com/avara-software/terraform-provider-avara/main/main.go": {false, false},
		"https://raw.githubusercontent.com/avara-software/terraform-provider-avara/main/main.py": {true, true},
	} {
		if got := linkProblem(t, readme, target) != ""; got != wrong.readme {
			t.Errorf("%s in README.md: wrong %t", target, got)
		}
		if got := linkProblem(t, page, target) != ""; got != wrong.page {
			t.Errorf("%s in docs/index.md: wrong %t", target, got)
		}
	}
}

// linkProblem returns what is wrong with a link in a document, "" if nothing.
func linkProblem(t *testing.T, d Document, target string) string {
	t.Helper()
	target, anchor, _ := strings.Cut(target, "#")
	file := d.Path
	switch source := regexp.MustCompile(sourceCode).FindStringSubmatch(target); {
	case source != nil:
		file = source[1]
	case strings.HasPrefix(target, registryDocs):
		if file = "docs" + strings.TrimPrefix(target, registryDocs) + ".md"; file == "docs.md" {
			file = "docs/index.md"
		}
	case strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:"):
		return ""
	case target != "" && strings.HasPrefix(d.Path, "docs/"):
		return "the registry can't follow it: write " + registryDocs + "/…"
	case target != "":
		file = path.Join(path.Dir(d.Path), target)
	}
	if file != d.Path {
		if _, err := os.Stat(filepath.Join(Root, filepath.FromSlash(file))); err != nil {
			return "there is no " + file
		}
	}
	if anchor == "" || path.Ext(file) != ".md" {
		return ""
	}
	text := d.Text
	if file != d.Path {
		text = Read(t, file)
	}
	if !hasAnchor(text, anchor) {
		return "there is no heading #" + anchor + " in " + file
	}
	return ""
}

// anchorOf is the anchor that GitHub and the registry generate for a heading.
func anchorOf(heading string) string {
	return strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}

// hasAnchor reports whether a heading of the text has the anchor.
func hasAnchor(text, anchor string) bool {
	for _, heading := range headingLine.FindAllStringSubmatch(text, -1) {
		if anchorOf(heading[1]) == anchor {
			return true
		}
	}
	for _, tag := range anchorTag.FindAllStringSubmatch(text, -1) {
		if tag[1] == anchor {
			return true
		}
	}
	return false
}
