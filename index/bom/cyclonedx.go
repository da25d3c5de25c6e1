package bom

import (
	"encoding/json"
	"strings"
)

type (
	cycloneDocument struct {
		Metadata struct {
			Component *cycloneComponent `json:"component"`
		} `json:"metadata"`
		Components []*cycloneComponent `json:"components"`
	}
	cycloneComponent struct {
		Type      string `json:"type"`
		Group     string `json:"group"`
		Name      string `json:"name"`
		Version   string `json:"version"`
		PURL      string `json:"purl"`
		Publisher string `json:"publisher"`
		Supplier  *struct {
			Name string `json:"name"`
		} `json:"supplier"`
		Licences []*struct {
			Expression string `json:"expression"`
			License    *struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			} `json:"license"`
		} `json:"licenses"`
		Hashes []*struct {
			Algorithm string `json:"alg"`
			Content   string `json:"content"`
		} `json:"hashes"`
		Evidence *struct {
			Occurrences []*struct {
				Location string `json:"location"`
			} `json:"occurrences"`
		} `json:"evidence"`
		Components []*cycloneComponent `json:"components"`
	}
)

// parseCycloneDX reads CycloneDX's JSON.
func parseCycloneDX(data []byte, version string) (*Bill, error) {
	var doc cycloneDocument
	b := &Bill{Format: "CycloneDX " + version}
	if err := json.Unmarshal(data, &doc); err != nil {
		return b, err
	}
	if m := doc.Metadata.Component; m != nil {
		b.Subject = join(m.Name, m.Version)
		b.Files = append(b.Files, m.occurrences()...)
		if err := b.addCyclone(m.Components, -1); err != nil {
			return b, err
		}
	}
	return b, b.addCyclone(doc.Components, -1)
}

// addCyclone adds components, and those that are files to the component around
// them, or with -1 to the bill. survey has bounded how deep it goes.
func (b *Bill) addCyclone(list []*cycloneComponent, around int) error {
	for _, c := range list {
		if c == nil {
			continue
		}
		at := around
		if c.Type == "file" {
			if around < 0 {
				b.Files = append(b.Files, c.file())
			} else {
				b.Components[around].Files = append(b.Components[around].Files, c.file())
			}
		} else {
			at = len(b.Components)
			if err := b.addComponent(c.component()); err != nil {
				return err
			}
		}
		if err := b.addCyclone(c.Components, at); err != nil {
			return err
		}
	}
	return nil
}

func (c *cycloneComponent) file() File {
	f := File{Path: cleanPath(c.Name)}
	for _, h := range c.Hashes {
		if h == nil {
			continue
		}
		if d, ok := digest(h.Algorithm, h.Content); ok {
			f.SHA256 = d
			break
		}
	}
	return f
}

func (c *cycloneComponent) component() Component {
	out := Component{Name: c.Name, Version: c.Version, PURL: c.PURL, Supplier: c.Publisher, Files: c.occurrences()}
	if c.Group != "" {
		out.Name = c.Group + "/" + c.Name
	}
	if c.Supplier != nil && c.Supplier.Name != "" {
		out.Supplier = c.Supplier.Name
	}
	for _, h := range c.Hashes {
		if h == nil {
			continue
		}
		if d, ok := digest(h.Algorithm, h.Content); ok {
			out.SHA256 = append(out.SHA256, d)
		}
	}
	var licences []string
	for _, l := range c.Licences {
		switch {
		case l == nil:
		case l.Expression != "":
			licences = append(licences, l.Expression)
		case l.License != nil && l.License.ID != "":
			licences = append(licences, l.License.ID)
		case l.License != nil:
			licences = append(licences, l.License.Name)
		}
	}
	out.Licence = strings.Join(licences, ", ")
	return out
}

func (c *cycloneComponent) occurrences() []File {
	if c.Evidence == nil {
		return nil
	}
	var files []File
	for _, o := range c.Evidence.Occurrences {
		if o != nil && o.Location != "" {
			files = append(files, File{Path: cleanPath(o.Location)})
		}
	}
	return files
}
