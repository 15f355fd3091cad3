// SPDX-License-Identifier: MPL-2.0

package chromium

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"time"
)

// Open loads an address and waits until it has loaded.
func (b *Browser) Open(url string) {
	b.t.Helper()
	var answer struct {
		ErrorText string `json:"errorText"`
	}
	b.call("Page.navigate", map[string]any{"url": url}, &answer)
	if answer.ErrorText != "" {
		b.t.Fatalf("%s: %s", url, answer.ErrorText)
	}
	b.Wait(`document.readyState === "complete"`)
}

// Run runs JavaScript in the page and stores its value in result, unless result is nil. If
// the value is a promise, Run waits for it.
func (b *Browser) Run(script string, result any) {
	b.t.Helper()
	if text := b.try(script, result); text != "" {
		b.t.Fatalf("%s: %s", script, text)
	}
}

// try is Run for a page that may be replaced meanwhile. It returns the error instead of
// failing the test.
func (b *Browser) try(script string, result any) (problem string) {
	b.t.Helper()
	var answer struct {
		Result struct {
			Value json.RawMessage `json:"value"`
		} `json:"result"`
		ExceptionDetails *struct {
			Text      string `json:"text"`
			Exception struct {
				Description string `json:"description"`
			} `json:"exception"`
		} `json:"exceptionDetails"`
	}
	if problem := b.answerTo("Runtime.evaluate", map[string]any{
		"expression": script, "returnByValue": true, "awaitPromise": true, "userGesture": true,
	}, &answer); problem != "" {
		return problem
	}
	if details := answer.ExceptionDetails; details != nil {
		return details.Text + " " + details.Exception.Description
	}
	if result != nil {
		if err := json.Unmarshal(answer.Result.Value, result); err != nil {
			return err.Error()
		}
	}
	return ""
}

// Wait waits until a JavaScript condition holds, and returns how long it took.
func (b *Browser) Wait(condition string) time.Duration {
	b.t.Helper()
	begun := time.Now()
	for {
		held := false
		problem := b.try("!!("+condition+")", &held)
		took := time.Since(begun)
		if held {
			return took
		}
		if took > patience {
			b.t.Fatalf("not true after %v: %s %s", took.Round(time.Second), condition, problem)
		}
		time.Sleep(25 * time.Millisecond)
	}
}

// Click scrolls to the element of a CSS selector and clicks on it as a mouse would. It
// fails the test if there is no such element, or if another element covers it.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.Hover(selector)
	b.ClickAgain()
}

// ClickAgain clicks at the pointer's position, on the element that is there now.
func (b *Browser) ClickAgain() {
	b.t.Helper()
	b.mouse("mousePressed")
	b.mouse("mouseReleased")
}

// Away moves the pointer to the upper left corner of the window.
func (b *Browser) Away() {
	b.t.Helper()
	b.pointer = point{}
	b.mouse("mouseMoved")
}

func (b *Browser) mouse(event string) {
	b.t.Helper()
	button, count := "none", 0
	if event != "mouseMoved" {
		button, count = "left", 1
	}
	b.call("Input.dispatchMouseEvent", map[string]any{
		"type": event, "x": b.pointer.X, "y": b.pointer.Y, "button": button, "clickCount": count,
	}, nil)
}

// point is a position in the window, in CSS pixels.
type point struct{ X, Y float64 }

// Hover scrolls to the element of a CSS selector and moves the pointer onto it. It fails
// the test if there is no such element, or if another element covers it.
func (b *Browser) Hover(selector string) {
	b.t.Helper()
	var at struct {
		point
		There bool
		Over  string
	}
	quoted, _ := json.Marshal(selector) // a string: encoding can't fail
	b.Run(`(() => {
		const e = document.querySelector(`+string(quoted)+`);
		if (!e) return {there: false};
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getBoundingClientRect(), x = r.x + r.width / 2, y = r.y + r.height / 2;
		const top = document.elementFromPoint(x, y);
		return {x, y, there: true, over: top === e || e.contains(top) ? "" : String(top && top.outerHTML)};
	})()`, &at)
	if !at.There || at.Over != "" {
		b.t.Fatalf("cannot point at %s: exists %t, covered by %q", selector, at.There, at.Over)
	}
	b.pointer = at.point
	b.mouse("mouseMoved")
}

// Press presses and releases a key, for example "Tab" or "Enter".
func (b *Browser) Press(key string) {
	b.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, " ": 32}
	event := map[string]any{"type": "keyDown", "key": key, "windowsVirtualKeyCode": codes[key]}
	if text := map[string]string{"Enter": "\r", " ": " "}[key]; text != "" {
		event["text"] = text
	}
	b.call("Input.dispatchKeyEvent", event, nil)
	b.call("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key, "windowsVirtualKeyCode": codes[key]}, nil)
}

// Type types a text into the element that has the focus.
func (b *Browser) Type(text string) {
	b.t.Helper()
	b.call("Input.insertText", map[string]any{"text": text}, nil)
}

// Look sets the width and height of the window in CSS pixels, and the colour
// scheme, "light" or "dark".
func (b *Browser) Look(width, height int, scheme string) {
	b.t.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{
		"width": width, "height": height, "deviceScaleFactor": max(b.sharpness, 1), "mobile": false,
	}, nil)
	b.media("prefers-color-scheme", scheme)
}

// Sharpen makes pictures use n by n pixels for each CSS pixel, from the next Look on.
func (b *Browser) Sharpen(n int) { b.sharpness = n }

// ForceColours turns on forced colours, as the high contrast modes of Windows do.
func (b *Browser) ForceColours() {
	b.t.Helper()
	b.media("forced-colors", "active")
}

func (b *Browser) media(feature, value string) {
	b.t.Helper()
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": feature, "value": value}}}, nil)
}

// Script switches the page's own JavaScript on or off, from the next Open on.
func (b *Browser) Script(on bool) {
	b.t.Helper()
	b.call("Emulation.setScriptExecutionDisabled", map[string]any{"value": !on}, nil)
}

// Picture saves what the window shows as a PNG file.
func (b *Browser) Picture(path string) {
	b.t.Helper()
	var shot struct {
		Data string `json:"data"`
	}
	b.call("Page.captureScreenshot", map[string]any{"format": "png"}, &shot)
	picture, err := base64.StdEncoding.DecodeString(shot.Data)
	if err == nil {
		err = os.WriteFile(path, picture, 0o600)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

// Complaints returns what the browser has reported since the last call: exceptions,
// violations of the content security policy, and files that it could not load.
func (b *Browser) Complaints() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	complaints := b.console
	b.console = nil
	return complaints
}
