/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CD_PTY_CLIENT_H
#define CD_PTY_CLIENT_H

#include "disconnect/termination.h"
#include "net/peer.h"
#include "net/watch.h"
#include "pty/host.h"
#include "pty/init.h"
#include "pty/request.h"
#include "pty/ring.h"

/** How far a connection has come; it only goes forward. */
typedef enum
{
  CD_PTY_CLIENT_GREETING,  /* its first message is being read */
  CD_PTY_CLIENT_ATTACHED,  /* bytes go both ways, once its session can be used */
  CD_PTY_CLIENT_FLUSHING,  /* its end is known, the last output is on its way */
  CD_PTY_CLIENT_LINGERING, /* all is sent; the peer is to close first */
  CD_PTY_CLIENT_CLOSED,
  CD_PTY_N_CLIENT_STATES
} CdPtyClientState;

typedef struct _CdPtyClient CdPtyClient;
typedef struct _CdPtySession CdPtySession;

/**
 * CdPtyClientEvents:
 * @greeted: its first message is there: attach it or end it
 * @sized: it asked for a size
 * @typed: it sent input. Returns: how much of it was taken; where that is less than all,
 *   cd_pty_client_resume() is called later
 * @advanced: it took output
 * @fell_behind: what it has yet to get is no longer in the ring: bring it back
 * @left: it needs its session no more
 * @closed: it is closed and has written its record; the last that it tells, to free it
 *
 * What a client tells its owner.
 */
typedef struct _CdPtyClientEvents
{
  void (*greeted)(CdPtyClient *client, gpointer owner);
  void (*sized)(CdPtyClient *client, gpointer owner);
  gsize (*typed)(CdPtyClient *client, CdText input, gpointer owner);
  void (*advanced)(CdPtyClient *client, gpointer owner);
  void (*fell_behind)(CdPtyClient *client, gpointer owner);
  void (*left)(CdPtyClient *client, gpointer owner);
  void (*closed)(CdPtyClient *client, gpointer owner);
} CdPtyClientEvents;

/**
 * CdPtyClient:
 *
 * One connection, from its first byte to its record.
 */
struct _CdPtyClient
{
  CdPtyHost *host;
  const CdPtyClientEvents *events;
  gpointer owner;
  GList link; /* in the owner's queue */
  gchar id[CD_PTY_ID_SIZE];
  CdPtyClientState state;
  gboolean is_over_limit; /* it is only let in to be told so */

  gint fd;
  CdPeer peer;
  CdWatch *watch;
  GSource *deadline;
  GSource *farewell;
  gint64 started; /* monotonic, as the next */
  gint64 ended;
  CdTermination termination;
  gboolean has_exit_code;
  gint64 exit_code;
  gboolean is_recorded;

  GByteArray *greeting;
  CdPtyInit *init; /* NULL until it has greeted */
  CdPtyRequestReader *reader;
  CdPtyRequest request; /* that is being carried out */
  gboolean has_request;
  gsize n_taken;         /* bytes of its data that the program took */
  gboolean is_paused;    /* the program takes no input */
  gboolean is_discarded; /* its input, since it has gone and the program takes none */
  guint64 bytes_in;

  CdPtySession *session; /* from its attachment until it has left */
  guint16 rows;          /* as it asked last; 0 for never */
  guint16 columns;
  gboolean is_resized; /* which is to be told yet */
  guint64 activity;    /* number of its last act among all clients' */

  const CdRing *ring;
  guint64 offset;  /* in the ring, of the next byte */
  GString *prefix; /* goes out before that */
  gsize n_prefix;  /* bytes of it that are out */
  gboolean is_write_dead;
  GSource *patience; /* while the peer owes an acknowledgement */
  guint64 bytes_out;
};

/** A connection that was accepted. @fd: (transfer full) */
CdPtyClient *cd_pty_client_new(CdPtyHost *host, gint fd, const CdPeer *peer,
                               const CdPtyClientEvents *events, gpointer owner);

/** Frees it, at once. */
void cd_pty_client_free(CdPtyClient *self);

/** Gives it a session that has no output yet; cd_pty_client_attach() follows. */
void cd_pty_client_join(CdPtyClient *self, CdPtySession *session);

/** Gives it a session, and its output from the ring's head on. Before that goes @prefix. */
void cd_pty_client_attach(CdPtyClient *self, CdPtySession *session, const CdRing *ring,
                          GString *prefix);

/** Goes on at the ring's head, after @prefix: (transfer full) and what is out of the old one. */
void cd_pty_client_bring_back(CdPtyClient *self, GString *prefix);

/** Notes how it ended, if that is the first end; all else goes on. */
void cd_pty_client_note_end(CdPtyClient *self, const CdEvidence *evidence);

/** There is more in the ring. */
void cd_pty_client_flush(CdPtyClient *self);

/** The program takes input again. */
void cd_pty_client_resume(CdPtyClient *self);

/** No more will come into the ring; its end was noted. Sends what there is, closes in order. */
void cd_pty_client_finish(CdPtyClient *self);

/* --- between the files of the client ---------------------------------------------------------- */

/** Whether its first byte never came: it gets no record. */
static inline gboolean
cd_pty_client_is_silent(const CdPtyClient *self)
{
  return self->bytes_in == 0;
}

/** Evidence of its site and phase, to be filled. */
CdEvidence cd_pty_client_get_evidence(const CdPtyClient *self);

/** Goes on to a state, never back. */
void cd_pty_client_enter(CdPtyClient *self, CdPtyClientState state);

/** What it waits for has changed. */
void cd_pty_client_update_watch(CdPtyClient *self);

/** The peer has closed or failed: notes it, and closes. */
void cd_pty_client_lose(CdPtyClient *self, const CdEvidence *evidence);

/** A call on its socket has failed: notes it, and what the peer has not got, and closes. */
void cd_pty_client_fail(CdPtyClient *self, gint error_number);

/** Whether nothing more is read from it before the program takes input. */
gboolean cd_pty_client_is_full(const CdPtyClient *self);

/** Reads what the peer has sent, in any state. */
void cd_pty_client_read(CdPtyClient *self);

/** Whether something waits to be sent. */
gboolean cd_pty_client_has_output(const CdPtyClient *self);

/** Reports to coderd that it is there. */
void cd_pty_client_report_connect(const CdPtyClient *self);

/** Writes its closing record, once, and reports to coderd that it has gone. */
void cd_pty_client_write_record(CdPtyClient *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(CdPtyClient, cd_pty_client_free)

#endif
