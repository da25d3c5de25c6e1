package desk

import (
	"strings"

	"vitrine/viewer/words"

	"vitrine/viewer/style"
)

// settingFont names the family of fonts that code is drawn in.
const settingFont = "font"

// setFont draws all code in another family and remembers the choice.
func (d *Desk) setFont(f *style.CodeFont) {
	d.look.Code = f
	d.app.Preferences().SetString(settingFont, f.Name)
	d.repaint()
}

// fonts are the families of code to choose from.
func (d *Desk) fonts() []action {
	var out []action
	for _, f := range style.CodeFonts {
		word, _, _ := strings.Cut(strings.ToLower(f.Name), " ")
		out = append(out, action{
			id: "view.font." + word, label: words.T("Code in %s", f.Name), do: func() { d.setFont(f) },
			checked: func() bool { return d.look.Code == f },
		})
	}
	return out
}
