package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// update writes golden files and the outputs in scripts anew.
var update = flag.Bool("update", false, "write golden files anew")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"verbatim": func() {
		// Whoever locks in a script does so for good, and no script shall
		// depend on how quick the machine is.
		lockWait, progressInterval = 10*time.Millisecond, time.Hour
		main()
	}})
}

// TestScript runs testdata/script/*.txtar. A script finds the shipped data at
// $DATA and the evaluation data at $SHARED; the condition [shared] tells
// whether the latter is there, [smalldisk] whether a small disk can be mounted,
// [root] whether nothing can be forbidden.
// Its environment holds no setting. Beside the commands of testscript there
// are those of scriptCommands.
func TestScript(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	shared := filepath.Join(filepath.Dir(root), "shared")
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Cmds:                scriptCommands,
		Setup: func(e *testscript.Env) error {
			e.Setenv("DATA", filepath.Join(root, "data"))
			e.Setenv("SHARED", shared)
			// Under -race each process would sleep for a second at its end.
			e.Setenv("GORACE", "atexit_sleep_ms=0")
			return nil
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "shared":
				_, err := os.Stat(shared)
				return err == nil, nil
			case "root":
				return os.Geteuid() == 0, nil
			case "smalldisk":
				dir := t.TempDir()
				unmount, err := mountSmall(dir)
				if err != nil {
					t.Logf("no small disk: %v", err)
					return false, nil
				}
				return true, unmount()
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
	})
}
