/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_LINE_H
#define CD_LINE_H

#include "rfc5424/header.h"

/**
 * CdLine:
 * @text: where it goes
 * @has_sdata: whether it has an element
 *
 * An RFC 5424 message that is being written, part after part: cd_line_begin(), elements with their
 * parameters, cd_line_end(). What comes out can always be read by cd_header_read(), whatever goes
 * in: fields of the header are cut to RFC 5424's lengths, and what is not printable ASCII in them
 * becomes `?`; values and the message are cleaned by cd_detail_append().
 */
typedef struct _CdLine
{
  GString *text;
  gboolean has_sdata;
} CdLine;

/** Appends the header to @text. Its structured data and its message are not looked at. */
void cd_line_begin(CdLine *self, GString *text, const CdHeader *header);

/** Opens an element. @sd_id must be a name by cd_sdata_is_name(). */
void cd_line_open_element(CdLine *self, CdText sd_id);

/** Adds a parameter to the open element. @name must be one by cd_sdata_is_name(). */
void cd_line_add_param(CdLine *self, CdText name, CdText value);

/** Closes the element. */
void cd_line_close_element(CdLine *self);

/** Ends the structured data and appends the message; an empty one is left out. */
void cd_line_end(CdLine *self, CdText message);

#endif
