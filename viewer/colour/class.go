package colour

import (
	"github.com/alecthomas/chroma/v2"

	"vitrine/viewer/code"
)

// classOf maps chroma's token types to the design's ten colours.
func classOf(t chroma.TokenType) code.Class {
	switch {
	case t == chroma.CommentPreproc || t == chroma.CommentPreprocFile:
		return code.Preproc
	case t.InCategory(chroma.Comment):
		return code.Comment
	case t == chroma.KeywordType || t == chroma.NameClass || t == chroma.NameBuiltin || t == chroma.NameException:
		return code.Type
	case t == chroma.KeywordConstant || t == chroma.NameConstant:
		return code.Const
	case t == chroma.KeywordNamespace || t.InCategory(chroma.Keyword):
		return code.Keyword
	case t == chroma.NameFunction || t == chroma.NameFunctionMagic || t == chroma.NameTag || t == chroma.NameAttribute || t == chroma.NameProperty || t == chroma.NameLabel:
		return code.Func
	case t == chroma.NameDecorator:
		return code.Preproc
	case t.InSubCategory(chroma.LiteralString):
		return code.String
	case t.InSubCategory(chroma.LiteralNumber):
		return code.Number
	case t.InCategory(chroma.Operator) || t == chroma.Punctuation:
		return code.Punct
	case t == chroma.GenericHeading || t == chroma.GenericSubheading:
		return code.Keyword
	case t == chroma.GenericEmph || t == chroma.GenericStrong:
		return code.Type
	}
	return code.Plain
}
