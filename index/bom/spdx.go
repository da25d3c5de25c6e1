package bom

import (
	"encoding/json"
	"strings"

	"vitrine/index/deposit"
)

type (
	spdxDocument struct {
		Version       string              `json:"spdxVersion"`
		ID            string              `json:"SPDXID"`
		Describes     []string            `json:"documentDescribes"`
		Packages      []*spdxPackage      `json:"packages"`
		Files         []*spdxFile         `json:"files"`
		Relationships []*spdxRelationship `json:"relationships"`
	}
	spdxPackage struct {
		ID        string          `json:"SPDXID"`
		Name      string          `json:"name"`
		Version   string          `json:"versionInfo"`
		Supplier  string          `json:"supplier"`
		Declared  string          `json:"licenseDeclared"`
		Concluded string          `json:"licenseConcluded"`
		Checksums []*spdxChecksum `json:"checksums"`
		Refs      []*struct {
			Type    string `json:"referenceType"`
			Locator string `json:"referenceLocator"`
		} `json:"externalRefs"`
		HasFiles []string `json:"hasFiles"`
	}
	spdxFile struct {
		ID        string          `json:"SPDXID"`
		Name      string          `json:"fileName"`
		Checksums []*spdxChecksum `json:"checksums"`
	}
	spdxChecksum struct {
		Algorithm string `json:"algorithm"`
		Value     string `json:"checksumValue"`
	}
	spdxRelationship struct {
		From string `json:"spdxElementId"`
		Type string `json:"relationshipType"`
		To   string `json:"relatedSpdxElement"`
	}
)

// parseSPDX reads SPDX 2's JSON.
func parseSPDX(data []byte) (*Bill, error) {
	var doc spdxDocument
	b := &Bill{Format: "SPDX"}
	if err := json.Unmarshal(data, &doc); err != nil {
		return b, err
	}
	b.Format = strings.Replace(doc.Version, "-", " ", 1)
	described := map[string]bool{}
	for _, id := range doc.Describes {
		described[id] = true
	}
	owner := map[string]string{} // file → package
	for _, r := range doc.Relationships {
		switch {
		case r == nil:
		case r.Type == "DESCRIBES" && r.From == doc.ID:
			described[r.To] = true
		case r.Type == "DESCRIBED_BY" && r.To == doc.ID:
			described[r.From] = true
		case r.Type == "CONTAINS":
			owner[r.To] = r.From
		case r.Type == "CONTAINED_BY":
			owner[r.From] = r.To
		}
	}
	for _, p := range doc.Packages {
		if p == nil {
			continue
		}
		for _, id := range p.HasFiles {
			owner[id] = p.ID
		}
	}
	at := map[string]int{} // package → component
	for _, p := range doc.Packages {
		switch {
		case p == nil:
			continue
		case described[p.ID]:
			if b.Subject == "" {
				b.Subject = join(p.Name, p.Version)
			}
			continue
		}
		at[p.ID] = len(b.Components)
		if err := b.addComponent(p.component()); err != nil {
			return b, err
		}
	}
	for _, f := range doc.Files {
		if f == nil {
			continue
		}
		file := File{Path: cleanPath(f.Name)}
		if sums := sha256Of(f.Checksums); len(sums) > 0 {
			file.SHA256 = sums[0]
		}
		if i, ok := at[owner[f.ID]]; ok {
			b.Components[i].Files = append(b.Components[i].Files, file)
		} else {
			b.Files = append(b.Files, file)
		}
	}
	return b, nil
}

func (p *spdxPackage) component() Component {
	c := Component{Name: p.Name, Version: p.Version, Supplier: supplier(p.Supplier), Licence: p.Concluded, SHA256: sha256Of(p.Checksums)}
	if c.Licence == "" || c.Licence == "NOASSERTION" {
		c.Licence = p.Declared
	}
	if c.Licence == "NOASSERTION" {
		c.Licence = ""
	}
	for _, r := range p.Refs {
		if r != nil && r.Type == "purl" {
			c.PURL = r.Locator
			break
		}
	}
	return c
}

func sha256Of(sums []*spdxChecksum) []deposit.Digest {
	var all []deposit.Digest
	for _, s := range sums {
		if s == nil {
			continue
		}
		if d, ok := digest(s.Algorithm, s.Value); ok {
			all = append(all, d)
		}
	}
	return all
}
