/* photo.h - a picture that somebody sends: what it is by its bytes, and the same without what a camera writes beside it. Pure.
 *
 * The type comes from the content alone. Places, names, device numbers and previews (Exif, XMP, IPTC, comments) are left out. A telephone
 * held upright writes its pictures lying, with a word beside them how to turn them: that one number of a JPEG's Exif stays, in a head
 * of our own. Nothing is decoded.
 */
#pragma once
#include "base/buf.h"
#include "base/err.h"

#define PHOTO_BYTES_MAX (8 * 1024 * 1024)
#define PHOTO_SIDE_MAX  20000

struct photo { const char *type; int64_t width, height; str bytes; };      /* the sides as they are shown */
/* ERR_BODY_TYPE: no JPEG, PNG or WebP, or one that does not hold together. ERR_LIMIT: too large a side. */
MUST_CHECK bool photo_read(struct arena *, str bytes, struct photo *out, struct err *);
