/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_INPUT_H
#define CD_INPUT_H

#include "disconnect/text.h"

#include <gio/gio.h>

/** Bytes of a line, with its continuation block, that are kept. */
#define CD_INPUT_LINE_MAX (1024 * 1024)

/**
 * CdInput:
 *
 * Reads log lines from a stream in bounded memory, whatever bytes they hold. A continuation block
 * belongs to the line before it: lines that begin with four blanks behind a line that ends in
 * ` ...`, or in the format before May 2023 a quoted key, and what is indented below it.
 */
typedef struct _CdInput CdInput;

/**
 * CdInputLine:
 * @text: the line and its block, without the last line's end; valid until the next one is read
 * @number: the line's number in the stream, from 1 on
 * @is_cut: it was longer than %CD_INPUT_LINE_MAX; the rest is lost
 */
typedef struct _CdInputLine
{
  CdText text;
  guint64 number;
  gboolean is_cut;
} CdInputLine;

/** Returns: (transfer full): a reader of @stream; free with cd_input_free() */
CdInput *cd_input_new(GInputStream *stream);

/** Frees it, and drops its reference to the stream. */
void cd_input_free(CdInput *self);

/** Whether the next line may have to be waited for. */
gboolean cd_input_would_wait(const CdInput *self);

/** Lines of the stream that were read so far, those of blocks among them. */
guint64 cd_input_n_lines(const CdInput *self);

/** Reads the next line. Returns: %FALSE at the end, and with @error set where reading fails. */
gboolean cd_input_next(CdInput *self, CdInputLine *line, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdInput, cd_input_free)

#endif
