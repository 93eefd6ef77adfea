/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a client sends: its first message, then requests. */
#include "pty/client.h"

#include <sys/socket.h>

/* Bytes of one read, and how many in one turn of the main loop. */
#define READ_SIZE (16 * 1024)
#define READS_PER_TURN 16

/* Small requests are dear: microseconds after which no more is read in that turn. */
#define TURN_US 10000

/* Bytes that are read while the program takes no input. Over TCP a client's end comes behind all
 * that it has sent, so that it would not be seen before the program goes on. */
#define AHEAD_MAX (1024 * 1024)

/* --- the end of the input --------------------------------------------------------------------- */

/* It has gone while the program takes no input: what it typed last is lost, how it ended is not. */
static void
_discard_input(CdPtyClient *self)
{
  if (!self->is_paused)
    return;
  self->is_discarded = TRUE;
  cd_pty_client_resume(self);
}

static void
_on_end_of_file(CdPtyClient *self)
{
  CdEvidence evidence = cd_pty_client_get_evidence(self);
  gboolean is_inside;

  _discard_input(self);
  is_inside = !self->init || cd_pty_request_reader_is_inside(self->reader);
  evidence.cause = is_inside ? CD_CAUSE_UNEXPECTED_EOF : CD_CAUSE_ORDERLY;
  if (is_inside)
    evidence.text = self->init ? CD_TEXT("closed inside a request")
                               : CD_TEXT("closed inside the first message");
  cd_pty_client_lose(self, &evidence);
}

static void
_on_broken(CdPtyClient *self, const GError *error)
{
  CdEvidence evidence = cd_pty_client_get_evidence(self);

  evidence.cause = CD_CAUSE_PROTOCOL;
  evidence.text = cd_text_from_string(error->message);
  cd_pty_client_note_end(self, &evidence);
  cd_pty_client_enter(self, CD_PTY_CLIENT_LINGERING);
}

/* --- the first message ------------------------------------------------------------------------ */

static gboolean
_has_greeting(const CdPtyClient *self)
{
  CdText bytes = { (const gchar *) self->greeting->data, self->greeting->len };

  return bytes.length >= CD_PTY_INIT_HEAD && bytes.length == cd_pty_init_measure(bytes);
}

static void
_take_greeting(CdPtyClient *self)
{
  g_autoptr(GError) error = NULL;
  CdText frame = { (const gchar *) self->greeting->data, self->greeting->len };

  self->init = cd_pty_init_new(frame, &error);
  g_byte_array_set_size(self->greeting, 0);
  if (!self->init)
    {
      _on_broken(self, error);
      return;
    }
  self->rows = self->init->height;
  self->columns = self->init->width;
  cd_pty_client_report_connect(self);
  self->events->greeted(self, self->owner);
}

/* Returns: how many bytes the first message lacks, as far as it has told. */
static gsize
_get_lack(const CdPtyClient *self)
{
  CdText bytes = { (const gchar *) self->greeting->data, self->greeting->len };

  return cd_pty_init_measure(bytes) - bytes.length;
}

static void
_read_greeting(CdPtyClient *self, CdText bytes)
{
  g_byte_array_append(self->greeting, (const guint8 *) bytes.data, (guint) bytes.length);
  if (_has_greeting(self))
    _take_greeting(self);
}

/* --- requests --------------------------------------------------------------------------------- */

gboolean
cd_pty_client_is_full(const CdPtyClient *self)
{
  return self->is_paused && cd_pty_request_reader_count_rest(self->reader) >= AHEAD_MAX;
}

/* A large screen's size is dear, so that of several that come at once only the last counts. */
static void
_tell_size(CdPtyClient *self)
{
  gboolean is_resized = self->is_resized;

  self->is_resized = FALSE;
  if (is_resized && self->session)
    self->events->sized(self, self->owner);
}

/* Returns: whether the program took all of the request's data. */
static gboolean
_type(CdPtyClient *self)
{
  CdText rest = cd_text_skip(self->request.data, self->n_taken);

  if (self->is_discarded || cd_text_is_empty(rest))
    return TRUE;
  _tell_size(self);
  self->n_taken += self->events->typed(self, rest, self->owner);
  return self->n_taken == self->request.data.length;
}

/* Returns: whether the request is done with. */
static gboolean
_carry_out(CdPtyClient *self)
{
  if (!self->has_request)
    return TRUE;
  self->is_paused = !_type(self);
  if (self->is_paused)
    {
      cd_pty_request_reader_keep(self->reader, CD_TEXT_NONE);
      return FALSE;
    }
  self->has_request = FALSE;
  if (self->request.height && self->request.width)
    {
      self->rows = self->request.height;
      self->columns = self->request.width;
      self->is_resized = TRUE;
    }
  return TRUE;
}

static void
_work(CdPtyClient *self)
{
  g_autoptr(GError) error = NULL;

  while (self->state == CD_PTY_CLIENT_ATTACHED && _carry_out(self))
    switch (cd_pty_request_reader_next(self->reader, &self->request, &error))
      {
      case CD_PTY_REQUEST_COMPLETE:
        self->has_request = TRUE;
        self->n_taken = 0;
        break;
      case CD_PTY_REQUEST_MORE:
        return;
      case CD_PTY_REQUEST_BROKEN:
        _on_broken(self, error);
        return;
      }
}

void
cd_pty_client_resume(CdPtyClient *self)
{
  if (!self->is_paused)
    return;
  self->is_paused = FALSE;
  _work(self);
  _tell_size(self);
  cd_pty_client_update_watch(self);
}

/* --- bytes ------------------------------------------------------------------------------------ */

static void
_read_requests(CdPtyClient *self, CdText bytes)
{
  if (self->is_paused)
    {
      cd_pty_request_reader_keep(self->reader, bytes);
      return;
    }
  cd_pty_request_reader_feed(self->reader, bytes);
  _work(self);
}

static void
_take(CdPtyClient *self, CdText bytes)
{
  self->bytes_in += bytes.length;
  switch (self->state)
    {
    case CD_PTY_CLIENT_GREETING:
      _read_greeting(self, bytes);
      break;
    case CD_PTY_CLIENT_ATTACHED:
      _read_requests(self, bytes);
      break;
    case CD_PTY_CLIENT_FLUSHING:
    case CD_PTY_CLIENT_LINGERING:
    case CD_PTY_CLIENT_CLOSED:
    case CD_PTY_N_CLIENT_STATES:
      break;
    }
}

/* Returns: whether there may be more. */
static gboolean
_read_some(CdPtyClient *self)
{
  static gchar buffer[READ_SIZE];
  gboolean is_greeting = self->state == CD_PTY_CLIENT_GREETING;
  gsize length = is_greeting ? MIN(_get_lack(self), sizeof(buffer)) : sizeof(buffer);
  gssize n = recv(self->fd, buffer, length, MSG_DONTWAIT);

  if (n > 0)
    _take(self, (CdText) { buffer, (gsize) n });
  else if (n == 0)
    _on_end_of_file(self);
  else if (errno != EAGAIN && errno != EINTR)
    cd_pty_client_fail(self, errno);
  else if (errno == EAGAIN && self->is_write_dead)
    cd_pty_client_fail(self, EPIPE);
  return n > 0 && !cd_pty_client_is_full(self);
}

void
cd_pty_client_read(CdPtyClient *self)
{
  const gint64 end = g_get_monotonic_time() + TURN_US;

  if (cd_pty_client_is_full(self))
    _discard_input(self);
  for (guint i = 0; i < READS_PER_TURN && self->state != CD_PTY_CLIENT_CLOSED; i++)
    if (!_read_some(self) || g_get_monotonic_time() >= end)
      break;
  _tell_size(self);
  cd_pty_client_update_watch(self);
}
