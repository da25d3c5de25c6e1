package window

import "testing"

// TestShipped: what is shipped is compared from the keyboard alone, in both
// colours: an installer that is not what is listed, rules that are, the vendor's
// own evidence, and a bill of materials that leaves a file out.
func TestShipped(t *testing.T) {
	for _, theme := range []string{"dark", "light"} {
		t.Run(theme, func(t *testing.T) {
			d := newDesktop(t, "shipped-"+theme, "1280x800")
			d.start("certificate", "--sample", "--theme", theme, "--size", "1280x800")
			d.key("Return")
			d.until("index ready")
			d.until("idle")
			d.key("ctrl+shift+a")
			d.until("focus shipped")
			d.shot("1-listed")

			d.key("Return") // the installer is selected; the picker opens at the sample's medium
			d.until("idle")
			d.shot("2-picker")
			d.key("Return")
			if got := d.until("checked"); got != "marlin-install-4.2.1.sh other" {
				t.Fatalf("the installer is %s", got)
			}
			d.until("idle")
			d.shot("3-differs")

			d.key("shift+F6") // from the buttons back to the list
			d.until("focus shipped")
			d.key("Down")
			d.key("ctrl+o")
			d.until("idle")
			d.key("Down", "Return")
			if got := d.until("checked"); got != "marlin-rules-4.2.1.tar same" {
				t.Fatalf("the rules are %s", got)
			}
			d.until("idle")
			d.key("ctrl+shift+o")
			d.until("idle")
			d.key("Return")
			if got := d.until("evidence"); got != "marlin-rules-4.2.1.tar same" {
				t.Fatalf("the evidence says %s", got)
			}
			d.until("focus detail")
			d.until("idle")
			d.shot("4-identical")

			d.key("shift+F6")
			d.until("focus shipped")
			d.key("Down")
			if got := d.until("bill"); got != "4.2.1 4 1" {
				t.Fatalf("the bill has %s", got)
			}
			d.shot("5-bill")
			d.key("F6", "F6")
			d.until("focus files")
			d.key("Return")
			if got := d.until("open"); got != "4.2.1 service/stats/stats.go" {
				t.Fatalf("opened %s", got)
			}
			d.until("idle")
			d.leave()
		})
	}
}
