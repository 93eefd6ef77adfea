/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "emit/target-stream.h"

#include "emit/target-tls.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>

/* What the other side says is thrown away, so much of it in one turn of the loop. */
#define READS_MAX 16
#define READ_SIZE 4096

/* Milliseconds between two looks whether the other side's kernel has taken our end. */
#define END_INTERVAL 5

static gboolean
_has_frame(const CdLink *self)
{
  return self->written < self->frame->len;
}

static gboolean
_would_block(const GError *error)
{
  return g_error_matches(error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static gssize
_discard(CdLink *self, GError **error)
{
  gchar buffer[READ_SIZE];
  GInputStream *input = g_io_stream_get_input_stream(self->stream);

  return g_pollable_input_stream_read_nonblocking(G_POLLABLE_INPUT_STREAM(input), buffer,
                                                  sizeof(buffer), NULL, error);
}

/* Returns: %FALSE where the other side is no more. */
static gboolean
_discard_all(CdLink *self, GError **error)
{
  for (guint i = 0; i < READS_MAX; i++)
    {
      g_autoptr(GError) trouble = NULL;
      gssize n = _discard(self, &trouble);

      if (n > 0)
        continue;
      if (_would_block(trouble))
        return TRUE;
      if (trouble)
        g_propagate_error(error, g_steal_pointer(&trouble));
      else
        g_set_error(error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE, "the other side closed it");
      return FALSE;
    }
  return TRUE;
}

static GError *
_explain(const CdLink *self, const GError *error)
{
  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return g_error_new(CD_TARGET_ERROR, CD_TARGET_ERROR_GONE,
                       "the other side was silent for too long");
  return cd_tls_explain(self, error);
}

static void
_break(CdLink *self, const GError *error)
{
  g_autoptr(GError) explained = _explain(self, error);

  cd_link_break(self, explained);
}

static gsize
_get_queued(const CdLink *self)
{
  gint n = 0;

  if (!self->connection)
    return 0;
  if (ioctl(g_socket_get_fd(g_socket_connection_get_socket(self->connection)), SIOCOUTQ, &n) != 0)
    return 0;
  return (gsize) n;
}

/* Its end may have crossed ours on the way: then a reset follows if it had closed without reading
 * all. Where its kernel has taken our end, none does. */
static gboolean
_look_at_end(gpointer data)
{
  CdLink *self = data;
  g_autoptr(GError) error = NULL;
  GSocket *socket = g_socket_connection_get_socket(self->connection);

  if (!g_socket_check_connect_result(socket, &error))
    {
      _break(self, error);
      return G_SOURCE_REMOVE;
    }
  if (_get_queued(self))
    return G_SOURCE_CONTINUE;
  self->events->parted(self->owner);
  return G_SOURCE_REMOVE;
}

/* A goodbye in TLS is more than is asked for here: unread bytes would have been a reset. */
static gboolean
_is_end(const GError *error)
{
  return g_error_matches(error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE)
         || g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

static gboolean
_on_readable(GObject *input, gpointer data)
{
  CdLink *self = data;
  g_autoptr(GError) error = NULL;

  if (_discard_all(self, &error))
    return G_SOURCE_CONTINUE;
  if (self->is_parting && _is_end(error))
    cd_link_set_readable(self, g_timeout_source_new(END_INTERVAL), _look_at_end);
  else
    _break(self, error);
  return G_SOURCE_REMOVE;
}

void
cd_stream_begin(CdLink *self)
{
  GInputStream *input = g_io_stream_get_input_stream(self->stream);

  cd_link_set_readable(self,
                       g_pollable_input_stream_create_source(G_POLLABLE_INPUT_STREAM(input), NULL),
                       G_SOURCE_FUNC(_on_readable));
  cd_link_opened(self);
}

gssize
cd_stream_write(CdLink *self, CdText bytes, GError **error)
{
  GOutputStream *output = g_io_stream_get_output_stream(self->stream);

  return g_pollable_output_stream_write_nonblocking(G_POLLABLE_OUTPUT_STREAM(output), bytes.data,
                                                    bytes.length, NULL, error);
}

static gboolean
_on_writable(GObject *output, gpointer data)
{
  cd_stream_resume(data);
  return G_SOURCE_REMOVE;
}

void
cd_stream_await(CdLink *self)
{
  GOutputStream *output = g_io_stream_get_output_stream(self->stream);

  cd_link_set_writable(
    self, g_pollable_output_stream_create_source(G_POLLABLE_OUTPUT_STREAM(output), NULL),
    G_SOURCE_FUNC(_on_writable));
}

static void
_note_queued(CdLink *self)
{
  if (self->connection && self->uri->path)
    self->queued = _get_queued(self);
}

/* Returns: %FALSE where the link is broken; nothing may be done with it then. */
static gboolean
_flush(CdLink *self)
{
  while (_has_frame(self))
    {
      g_autoptr(GError) error = NULL;
      CdText rest = { self->frame->str + self->written, self->frame->len - self->written };
      gssize n = self->kind->write(self, rest, &error);

      if (n >= 0)
        {
          self->written += (gsize) n;
          continue;
        }
      if (!_would_block(error))
        {
          _break(self, error);
          return FALSE;
        }
      self->kind->await(self);
      break;
    }
  _note_queued(self);
  return TRUE;
}

static void
_fill_frame(CdLink *self, CdText line)
{
  self->written = 0;
  g_string_truncate(self->frame, 0);
  if (self->kind->has_counted_frames)
    g_string_append_printf(self->frame, "%" G_GSIZE_FORMAT " ", line.length);
  g_string_append_len(self->frame, line.data, (gssize) line.length);
  if (!self->kind->has_counted_frames)
    g_string_append_c(self->frame, '\n');
}

CdTargetResult
cd_stream_send(CdLink *self, CdText line)
{
  if (_has_frame(self))
    return CD_TARGET_WAIT;
  if (!self->kind->has_counted_frames && memchr(line.data, '\n', line.length))
    return CD_TARGET_REFUSED;
  _fill_frame(self, line);
  return _flush(self) ? CD_TARGET_SENT : CD_TARGET_WAIT;
}

void
cd_stream_resume(CdLink *self)
{
  cd_link_clear_writable(self);
  if (_flush(self) && !_has_frame(self))
    self->events->writable(self->owner);
}

gsize
cd_stream_get_unsent(const CdLink *self)
{
  return _get_queued(self) + self->frame->len - self->written;
}

gsize
cd_stream_get_unsent_at_end(const CdLink *self, const GError *error)
{
  gsize unsent = cd_stream_get_unsent(self);
  gboolean all_read = g_error_matches(error, CD_TARGET_ERROR, CD_TARGET_ERROR_GONE);

  return all_read ? unsent : MAX(unsent, self->queued + self->frame->len - self->written);
}

gboolean
cd_stream_half_close(CdLink *self, GError **error)
{
  return g_socket_shutdown(g_socket_connection_get_socket(self->connection), FALSE, TRUE, error);
}

void
cd_stream_part(CdLink *self)
{
  g_autoptr(GError) error = NULL;

  if (_discard_all(self, &error) && self->kind->half_close(self, &error))
    self->is_parting = TRUE;
  else
    _break(self, error);
}

void
cd_stream_close(CdLink *self)
{
  _discard_all(self, NULL);
}
