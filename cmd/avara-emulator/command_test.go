// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"testing"
)

// The test binary is also the command that the emulator runs in the tests: it asks the API with what its environment
// says, prints the status, and exits with 7.
func TestMain(m *testing.M) {
	if os.Getenv("AVARA_EMULATOR_TEST_COMMAND") == "" || os.Getenv("AVARA_BASE_URL") == "" {
		os.Exit(m.Run())
	}
	request, err := http.NewRequest(http.MethodGet, os.Getenv("AVARA_BASE_URL")+"/v1/express", http.NoBody) //nolint:noctx // a program of its own
	if err == nil {
		request.Header.Set("Authorization", "Bearer "+os.Getenv("AVARA_API_KEY"))
		var answer *http.Response
		if answer, err = http.DefaultClient.Do(request); err == nil {
			fmt.Print(answer.StatusCode, os.Args[1:])
			_ = answer.Body.Close()
		}
	}
	if err != nil {
		fmt.Print(err)
	}
	os.Exit(7)
}

func TestRunCommand(t *testing.T) {
	t.Setenv("AVARA_EMULATOR_TEST_COMMAND", "1")
	var out bytes.Buffer
	err := run(t.Context(), []string{"-seed", "1", "-api-key", "sk_live_mine", os.Args[0], "-seed", "2"}, &out)
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 7 {
		t.Errorf("the command ended with %v", err)
	}
	if out.String() != "200 [-seed 2]" {
		t.Errorf("printed %q", &out)
	}
}

func TestRunCommandThatIsNotThere(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"avara-no-such-command"}, &out); !errors.Is(err, exec.ErrNotFound) || out.Len() > 0 {
		t.Errorf("error %v, printed %q", err, &out)
	}
}
