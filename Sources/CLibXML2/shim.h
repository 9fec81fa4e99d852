// libxml2's encoding.h drags in the system's ICU headers, which clash with the ICU inside Foundation as soon as one
// module sees both. They only add fields at the end of a struct that we never look into.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <libxml/SAX2.h>
