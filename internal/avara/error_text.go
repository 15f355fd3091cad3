// SPDX-License-Identifier: MPL-2.0

package avara

import (
	"fmt"
	"strings"
)

// Text is err.Error() with the server's words passed through a function, as to mask
// the people whom they name. Words of this package, paths and ids stay as they are.
func Text(err error, words func(string) string) string {
	switch e := err.(type) { //nolint:errorlint // each type says how its parts make the text
	case *Error:
		return e.text(words)
	case *TransportError:
		return fmt.Sprintf("%s %s: %s", e.Method, e.Path, words(e.Err.Error()))
	case *UnexpectedAnswerError:
		return e.text(words)
	case *OutcomeUnknownError:
		return e.text(words)
	case *meaningError:
		return e.meaning.Error() + ": " + Text(e.error, words)
	case interface{ Unwrap() error }:
		// The text around an error is ours.
		inner := e.Unwrap()
		if around, found := strings.CutSuffix(err.Error(), inner.Error()); found {
			return around + Text(inner, words)
		}
	case interface{ Unwrap() []error }:
		var texts []string
		for _, one := range e.Unwrap() {
			texts = append(texts, Text(one, words))
		}
		return strings.Join(texts, "\n")
	}
	return words(err.Error())
}

func asIs(words string) string { return words }

// meaningError adds to an answer of the API what it means.
type meaningError struct {
	meaning error
	error
}

func (e *meaningError) Error() string   { return Text(e, asIs) }
func (e *meaningError) Unwrap() []error { return []error{e.meaning, e.error} }

// meaning returns an error that is both, as errors.Is sees it.
func meaning(meaning, answer error) error { return &meaningError{meaning, answer} }
