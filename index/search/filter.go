package search

import "strings"

// filters are the names that hold for the whole query.
var filters = []string{
	"case:", "word:", "multi:", "binary:", "path:", "-path:", "lang:", "-lang:", "release:", "new-in:", "gone-in:",
}

// filter reads the filter that stands here.
func (p *parser) filter(name string) error {
	if err := p.count(); err != nil {
		return err
	}
	start := p.at
	p.at += len(name)
	switch name {
	case "path:", "-path:":
		return p.pathFilter(name)
	case "lang:", "-lang:":
		names, err := p.names(name)
		if name == "lang:" {
			p.q.scope.languages = append(p.q.scope.languages, names...)
		} else {
			p.q.scope.otherThan = append(p.q.scope.otherThan, names...)
		}
		return err
	}
	if p.given[name] {
		if name == "release:" {
			return p.fail(start, "release: is given twice; write several as release:a,b, or leave it out to search all releases")
		}
		return p.fail(start, "%s is given twice", name)
	}
	p.given[name] = true
	switch name {
	case "case:":
		p.q.caseSet = true
		return p.yesOrNo(name, &p.q.fold, "no")
	case "word:":
		return p.yesOrNo(name, &p.q.words, "yes")
	case "multi:":
		return p.yesOrNo(name, &p.q.multi, "yes")
	case "binary:":
		return p.yesOrNo(name, &p.q.binary, "yes")
	}
	at := p.at
	names, err := p.names(name)
	if err != nil {
		return err
	}
	switch {
	case name == "release:":
		p.q.scope.releases = names
	case len(names) > 1:
		return p.fail(at, "%s takes one release", name)
	case name == "new-in:":
		p.q.scope.newIn = &names[0]
	default:
		p.q.scope.goneIn = &names[0]
	}
	return nil
}

func (p *parser) yesOrNo(name string, to *bool, sets string) error {
	at := p.at
	v, err := p.value(name, "")
	if err == nil && v != "yes" && v != "no" {
		err = p.fail(at, "%s takes yes or no, not %q", name, v)
	}
	*to = v == sets
	return err
}

// value reads the value of a filter, in quotes or up to a blank or one of stop.
func (p *parser) value(name, stop string) (string, error) {
	if strings.HasPrefix(p.rest(), `"`) {
		return p.quoted(strings.Trim(name, "-:"), stop)
	}
	v := p.bare(stop)
	if v == "" {
		return "", p.needsValue(name)
	}
	return v, nil
}

// names reads values with commas between them.
func (p *parser) names(name string) (out []named, err error) {
	for {
		at := p.at
		v, err := p.value(name, ",")
		if err != nil {
			return nil, err
		}
		out = append(out, named{v, at})
		if !strings.HasPrefix(p.rest(), ",") {
			return out, nil
		}
		if err := p.count(); err != nil {
			return nil, err
		}
		p.at++
	}
}

func (p *parser) pathFilter(name string) error {
	at := p.at
	var f pathFilter
	var err error
	if strings.HasPrefix(p.rest(), "/") {
		if f.text, err = p.regexp(); err == nil {
			f.re, err = p.pathRegexp(at+1, f.text)
		}
	} else if f.text, err = p.value(name, ""); err == nil {
		if f.glob, err = compileGlob(f.text); err != nil {
			err = p.fail(at, "%s%s: %v", name, f.text, err)
		}
	}
	if err != nil {
		return err
	}
	if name == "path:" {
		p.q.scope.paths = append(p.q.scope.paths, f)
	} else {
		p.q.scope.without = append(p.q.scope.without, f)
	}
	return nil
}
