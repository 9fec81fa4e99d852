// Debian's libxml2 is built with ICU and its headers include ICU's, whose types collide with those of Foundation's own
// ICU module in any target that imports both. Nothing here reads the members that this leaves out.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/HTMLparser.h>
#include <libxml/xmlerror.h>
#include <libxml/SAX2.h>
