/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "client.h"

#include "descriptor.h"
#include "typing.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <sys/socket.h>
#include <unistd.h>

#define CTRL_D "\004"

/* Bytes read at once, and bytes that wait at most before no more are read. */
#define INPUT_STEP 4096
#define OUTPUT_STEP 65536
#define REQUESTS_MAX (256 * 1024)
#define OUTPUT_MAX (64 * 1024)

/* A source that is there while it is wanted. */
typedef struct _Watch
{
  gint fd;
  GIOCondition condition;
  GUnixFDSourceFunc ready;
  guint id;
} Watch;

struct _CdClient
{
  CdClientOptions options;
  Watch input;
  Watch output;
  Watch arriving;
  Watch departing;
  GString *requests; /* for the agent */
  GString *shown;    /* for standard output */
  gboolean has_received;
  CdTyping typing;
  gboolean has_size; /* to be sent */
  guint16 rows;
  guint16 columns;
  gboolean has_input; /* a byte was read at least */
  gboolean is_input_at_end;
  gboolean is_departing_at_end;
  gboolean is_arriving_at_end;
  CdLeaving leaving;
  GError *error;
  guint patience;
  guint over;
};

/* --- what is watched -------------------------------------------------------------------------- */

static void
_want(CdClient *self, Watch *watch, gboolean is_wanted)
{
  if (is_wanted == (watch->id != 0))
    return;
  if (is_wanted)
    watch->id = g_unix_fd_add(watch->fd, watch->condition, watch->ready, self);
  else
    g_clear_handle_id(&watch->id, g_source_remove);
}

static gboolean
_tell_end(gpointer user_data)
{
  CdClient *self = user_data;

  self->over = 0;
  self->options.ended(self->leaving, self->error, self->options.user_data);
  return G_SOURCE_REMOVE;
}

static void
_close_departing(CdClient *self)
{
  self->is_departing_at_end = TRUE;
  g_string_truncate(self->requests, 0);
}

/* The last size is enough, however many there were while nothing could be sent. */
static void
_send_size(CdClient *self)
{
  if (!self->leaving && !self->is_departing_at_end)
    cd_typing_append_size(self->rows, self->columns, self->requests);
  self->has_size = FALSE;
}

static void
_update(CdClient *self)
{
  gboolean is_over = self->is_arriving_at_end && self->shown->len == 0;

  if (self->has_size && self->requests->len < REQUESTS_MAX)
    _send_size(self);
  if (self->leaving && self->requests->len == 0 && !self->is_departing_at_end)
    {
      shutdown(self->options.socket, SHUT_WR);
      _close_departing(self);
    }
  if (self->is_arriving_at_end)
    g_clear_handle_id(&self->patience, g_source_remove);
  _want(self, &self->input,
        !self->is_arriving_at_end && !self->is_input_at_end && !self->leaving
          && self->requests->len < REQUESTS_MAX);
  _want(self, &self->departing, !self->is_arriving_at_end && self->requests->len > 0);
  _want(self, &self->arriving, !self->is_arriving_at_end && self->shown->len < OUTPUT_MAX);
  _want(self, &self->output, self->shown->len > 0);
  if (is_over && !self->over)
    self->over = g_idle_add(_tell_end, self);
}

/* The first error is the one that counts. */
static void
_note_error(CdClient *self, gint code)
{
  if (!self->error)
    self->error = g_error_new_literal(G_IO_ERROR, (gint) g_io_error_from_errno(code),
                                      g_strerror(code));
}

static void
_break(CdClient *self, gint code)
{
  _note_error(self, code);
  _close_departing(self);
  self->is_arriving_at_end = TRUE;
}

/* --- leaving ---------------------------------------------------------------------------------- */

/* While it is standard output that takes nothing, the agent is not to blame. */
static gboolean
_lose_patience(gpointer user_data)
{
  CdClient *self = user_data;

  if (self->shown->len > 0)
    return G_SOURCE_CONTINUE;
  self->patience = 0;
  _break(self, ETIMEDOUT);
  _update(self);
  return G_SOURCE_REMOVE;
}

static void
_leave(CdClient *self, CdLeaving why)
{
  if (self->leaving)
    return;
  self->leaving = why;
  if (why != CD_LEAVING_EOF)
    g_string_truncate(self->shown, 0);
  cd_typing_finish(&self->typing, self->requests);
  self->patience = g_timeout_add_seconds(CD_CLIENT_PATIENCE, _lose_patience, self);
}

static void
_leave_for_error(CdClient *self, CdLeaving why, gint code)
{
  _note_error(self, code);
  _leave(self, why);
}

void
cd_client_leave(CdClient *self)
{
  _leave(self, CD_LEAVING_ASKED);
  _update(self);
}

/* --- input to requests ------------------------------------------------------------------------ */

static void
_take_end_of_input(CdClient *self)
{
  self->is_input_at_end = TRUE;
  cd_typing_finish(&self->typing, self->requests);
  switch (self->options.at_eof)
    {
    case CD_AT_EOF_END:
      if (self->has_input)
        cd_typing_append(&self->typing, CTRL_D, 1, self->requests);
      break;
    case CD_AT_EOF_WAIT:
      break;
    case CD_AT_EOF_DETACH:
      _leave(self, CD_LEAVING_EOF);
      break;
    case CD_AT_EOF_FAIL:
      _leave_for_error(self, CD_LEAVING_INPUT, EIO);
      break;
    }
}

static void
_take_input(CdClient *self, const gchar *data, gsize length)
{
  gsize position = length;
  gboolean is_detached = cd_detach_key_find(self->options.detach_key, data, length, &position);

  self->has_input = TRUE;
  cd_typing_append(&self->typing, data, position, self->requests);
  if (is_detached)
    _leave(self, CD_LEAVING_KEY);
}

static gboolean
_read_input(gint fd, GIOCondition condition, gpointer user_data)
{
  CdClient *self = user_data;
  gchar data[INPUT_STEP];
  gssize n = cd_descriptor_read(fd, data, sizeof(data));

  if (n > 0)
    _take_input(self, data, (gsize) n);
  else if (n == 0)
    _take_end_of_input(self);
  else if (errno != EAGAIN)
    _leave_for_error(self, CD_LEAVING_INPUT, errno);
  _update(self);
  return G_SOURCE_CONTINUE;
}

/* What the agent still says counts, after EPIPE too: it may have closed in order before. */
static gboolean
_send_requests(gint fd, GIOCondition condition, gpointer user_data)
{
  CdClient *self = user_data;
  gssize n = cd_descriptor_write(fd, self->requests->str, self->requests->len);

  if (n > 0)
    g_string_erase(self->requests, 0, n);
  else if (errno == EPIPE)
    _close_departing(self);
  else if (errno != EAGAIN)
    _break(self, errno);
  _update(self);
  return G_SOURCE_CONTINUE;
}

/* --- what arrives, to output ------------------------------------------------------------------ */

static void
_take_output(CdClient *self, const gchar *data, gsize length)
{
  if (!self->leaving || self->leaving == CD_LEAVING_EOF)
    g_string_append_len(self->shown, data, (gssize) length);
}

static gboolean
_receive(gint fd, GIOCondition condition, gpointer user_data)
{
  CdClient *self = user_data;
  gchar data[OUTPUT_STEP];
  gssize n = cd_descriptor_read(fd, data, sizeof(data));

  self->has_received |= n > 0;
  if (n > 0)
    _take_output(self, data, (gsize) n);
  else if (n == 0)
    self->is_arriving_at_end = TRUE;
  else if (errno != EAGAIN)
    _break(self, errno);
  _update(self);
  return G_SOURCE_CONTINUE;
}

static gboolean
_write_output(gint fd, GIOCondition condition, gpointer user_data)
{
  CdClient *self = user_data;
  gssize n = cd_descriptor_write(fd, self->shown->str, self->shown->len);

  if (n > 0)
    g_string_erase(self->shown, 0, n);
  else if (errno != EAGAIN)
    {
      _leave_for_error(self, CD_LEAVING_OUTPUT, errno);
      g_string_truncate(self->shown, 0);
    }
  _update(self);
  return G_SOURCE_CONTINUE;
}

/* --- the session ------------------------------------------------------------------------------ */

CdClient *
cd_client_new(const CdClientOptions *options, const GString *frame)
{
  CdClient *self = g_new0(CdClient, 1);
  gint input = cd_descriptor_open_own(STDIN_FILENO, O_RDONLY);
  gint output = cd_descriptor_open_own(STDOUT_FILENO, O_WRONLY);

  self->options = *options;
  self->requests = g_string_new_len(frame->str, (gssize) frame->len);
  self->shown = g_string_new(NULL);
  self->input = (Watch) { input, G_IO_IN, _read_input, 0 };
  self->output = (Watch) { output, G_IO_OUT, _write_output, 0 };
  self->arriving = (Watch) { options->socket, G_IO_IN, _receive, 0 };
  self->departing = (Watch) { options->socket, G_IO_OUT, _send_requests, 0 };
  _update(self);
  return self;
}

gboolean
cd_client_has_received(const CdClient *self)
{
  return self->has_received;
}

void
cd_client_resize(CdClient *self, guint16 rows, guint16 columns)
{
  self->rows = rows;
  self->columns = columns;
  self->has_size = TRUE;
  _update(self);
}

void
cd_client_free(CdClient *self)
{
  Watch *watches[] = { &self->input, &self->output, &self->arriving, &self->departing };

  for (gsize i = 0; i < G_N_ELEMENTS(watches); i++)
    _want(self, watches[i], FALSE);
  g_clear_handle_id(&self->patience, g_source_remove);
  g_clear_handle_id(&self->over, g_source_remove);
  close(self->input.fd);
  close(self->output.fd);
  g_string_free(self->requests, TRUE);
  g_string_free(self->shown, TRUE);
  g_clear_error(&self->error);
  g_free(self);
}
