/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_REQUEST_H
#define CD_PTY_REQUEST_H

#include "disconnect/text.h"

/** Bytes of a request at most. */
#define CD_PTY_REQUEST_MAX (1024 * 1024)

/**
 * CdPtyRequest:
 * @data: for the program; may be empty
 * @height: rows, 0 for none
 * @width: columns, 0 for none
 *
 * What a client asks for (spec: coder-facts, b).
 */
typedef struct _CdPtyRequest
{
  CdText data;
  guint16 height;
  guint16 width;
} CdPtyRequest;

/** What cd_pty_request_reader_next() found. */
typedef enum
{
  CD_PTY_REQUEST_COMPLETE,
  CD_PTY_REQUEST_MORE, /* it has to be fed */
  CD_PTY_REQUEST_BROKEN,
} CdPtyRequestResult;

/**
 * CdPtyRequestReader:
 *
 * Reads a client's stream of requests: JSON objects, with any white space or none between them,
 * split anywhere.
 */
typedef struct _CdPtyRequestReader CdPtyRequestReader;

/** Returns: (transfer full): free with cd_pty_request_reader_free() */
CdPtyRequestReader *cd_pty_request_reader_new(void);

/** Frees it. */
void cd_pty_request_reader_free(CdPtyRequestReader *self);

/** Gives it more of the stream, once it has asked for more. @bytes: stay until it does again */
void cd_pty_request_reader_feed(CdPtyRequestReader *self, CdText bytes);

/**
 * Reads the next request.
 *
 * @request: (out): valid until the next call
 *
 * Errors: %CD_PTY_ERROR_PROTOCOL with %CD_PTY_REQUEST_BROKEN, after which nothing more is read.
 */
CdPtyRequestResult cd_pty_request_reader_next(CdPtyRequestReader *self, CdPtyRequest *request,
                                              GError **error);

/** Keeps what it was fed and has not read, so that it need not stay any longer, and adds @more. */
void cd_pty_request_reader_keep(CdPtyRequestReader *self, CdText more);

/** Bytes that it was fed and has not read. */
gsize cd_pty_request_reader_count_rest(const CdPtyRequestReader *self);

/** Whether the stream is inside a request, so that it must not end here. */
gboolean cd_pty_request_reader_is_inside(const CdPtyRequestReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyRequestReader, cd_pty_request_reader_free)

#endif
