/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one closing record of a connection. */
#include "pty/client.h"

#include "disconnect/record.h"
#include "net/socket.h"

/* A number as text, with its NUL. */
#define NUMBER_SIZE 24

/* Room for all numbers of a record. */
#define NUMBERS_MAX 8

typedef struct _Writing
{
  CdRecord record;
  guint n_numbers;
  gchar numbers[NUMBERS_MAX][NUMBER_SIZE];
} Writing;

static void
_set_number(Writing *self, CdField field, gint64 number)
{
  gchar *text = self->numbers[self->n_numbers++];

  g_assert(self->n_numbers <= NUMBERS_MAX);
  g_snprintf(text, NUMBER_SIZE, "%" G_GINT64_FORMAT, number);
  cd_record_set(&self->record, field, cd_text_from_string(text));
}

static void
_set_verdict(Writing *self, const CdTermination *termination)
{
  CdRecord *record = &self->record;

  cd_record_set(record, CD_FIELD_CONNECT_TYPE,
                cd_layer_get_info(cd_site_get_info(CD_SITE_PTY)->layer)->text);
  cd_record_set(record, CD_FIELD_SITE, cd_site_get_info(CD_SITE_PTY)->text);
  cd_record_set_verdict(record, termination->reason, termination->initiator, termination->rule);
  if (termination->detail)
    cd_record_set_or_unset(record, CD_FIELD_DISCONNECT_DETAIL,
                           (CdText) { termination->detail->str, termination->detail->len });
}

static void
_set_identity(Writing *self, const CdPtyClient *client)
{
  CdRecord *record = &self->record;

  if (client->init)
    cd_record_set(record, CD_FIELD_SESSION_ID, cd_text_from_string(client->init->id));
  cd_record_set(record, CD_FIELD_CONNECTION_ID, cd_text_from_string(client->id));
  cd_record_set(record, CD_FIELD_APP, CD_TEXT("reconnecting_pty"));
  cd_record_set_or_unset(record, CD_FIELD_REMOTE_ADDR, cd_text_from_string(client->peer.remote));
  cd_record_set_or_unset(record, CD_FIELD_LOCAL_ADDR, cd_text_from_string(client->peer.local));
}

static void
_set_figures(Writing *self, const CdPtyClient *client)
{
  CdSocketFigures figures = { 0 };

  if (client->has_exit_code)
    _set_number(self, CD_FIELD_EXIT_CODE, client->exit_code);
  _set_number(self, CD_FIELD_DURATION_MS, (client->ended - client->started) / 1000);
  _set_number(self, CD_FIELD_BYTES_IN, (gint64) client->bytes_in);
  _set_number(self, CD_FIELD_BYTES_OUT, (gint64) client->bytes_out);
  cd_socket_read_figures(client->fd, &figures);
  if (!figures.has_tcp)
    return;
  _set_number(self, CD_FIELD_TCP_RTT_US, figures.rtt_us);
  _set_number(self, CD_FIELD_TCP_RETRANSMITS, figures.retransmits);
  _set_number(self, CD_FIELD_TCP_UNSENT, figures.unsent);
  _set_number(self, CD_FIELD_TCP_IDLE_MS, figures.idle_ms);
}

static const gchar *
_get_address(const CdPtyClient *self)
{
  return self->peer.is_unix ? "" : self->peer.remote;
}

void
cd_pty_client_report_connect(const CdPtyClient *self)
{
  cd_reports_connect(self->host->reports, self->id, CD_REPORT_RECONNECTING_PTY, _get_address(self));
}

/* Of one whose first message was none, coderd has not learned that it was there. */
static void
_report_disconnect(const CdPtyClient *self)
{
  if (self->init)
    cd_reports_disconnect(self->host->reports, self->id, CD_REPORT_RECONNECTING_PTY,
                          _get_address(self), self->termination.reason);
}

void
cd_pty_client_write_record(CdPtyClient *self)
{
  Writing writing = { 0 };

  if (self->is_recorded)
    return;
  self->is_recorded = TRUE;
  if (cd_pty_client_is_silent(self))
    {
      self->host->figures.silent_connections++;
      return;
    }
  g_assert(self->termination.is_set);
  _set_verdict(&writing, &self->termination);
  _set_identity(&writing, self);
  _set_figures(&writing, self);
  if (!cd_reason_get_info(self->termination.reason)->expected)
    self->host->figures.errors++;
  cd_emitter_accept(self->host->emitter, &writing.record);
  _report_disconnect(self);
}
