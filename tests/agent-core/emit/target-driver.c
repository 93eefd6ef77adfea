/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process with an emitter whose system calls others make fail, and the one on the other side.
 *
 *   target-driver serve FOLDER
 *       receives on FOLDER/dgram, FOLDER/stream and, by udp and tcp, on the ports that stand in
 *       FOLDER/ports; appends what comes to FOLDER/got, for ever
 *   target-driver run URI N SECONDS RESULT
 *       accepts N records, has SECONDS to bring them, and tells what became of them, as "NAME
 *       VALUE" lines in the file RESULT; by tls it trusts the authority in the file
 *       TARGET_AUTHORITY
 *
 * Exits with 0 unless it cannot begin. */
#include "emit/emitter.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* For who traces: what comes before is not the targets'. */
#define MARK "/target-driver-begins"

/* Milliseconds between two records, and between two attempts to connect. */
#define RECORD_INTERVAL 1
#define RETRY_INTERVAL 20

#define FDS_MAX 64

static void G_GNUC_NORETURN
_fail(const gchar *what)
{
  perror(what);
  exit(1);
}

/* --- the other side --------------------------------------------------------------------------- */

static gint
_bind(gint type, const struct sockaddr *address, socklen_t length)
{
  gint fd = socket(address->sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd < 0 || bind(fd, address, length) != 0 || (type == SOCK_STREAM && listen(fd, 16) != 0))
    _fail("bind");
  return fd;
}

static gint
_bind_path(gint type, const gchar *folder, const gchar *name)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  g_snprintf(address.sun_path, sizeof(address.sun_path), "%s/%s", folder, name);
  return _bind(type, (const struct sockaddr *) &address, sizeof(address));
}

static gint
_bind_port(gint type, guint *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof(address);
  gint fd = _bind(type, (const struct sockaddr *) &address, sizeof(address));

  if (getsockname(fd, (struct sockaddr *) &address, &length) != 0)
    _fail("getsockname");
  *port = g_ntohs(address.sin_port);
  return fd;
}

static void
_write_ports(const gchar *folder, guint udp, guint tcp)
{
  g_autofree gchar *path = g_build_filename(folder, "ports", NULL);
  g_autofree gchar *text = g_strdup_printf("%u %u\n", udp, tcp);

  if (!g_file_set_contents(path, text, -1, NULL))
    _fail(path);
}

static void
_append(gint got, const gchar *bytes, gssize n)
{
  if (write(got, bytes, (gsize) n) != n)
    _fail("write");
}

/* A long entry for the journal is a file in memory. */
static void
_append_file(gint got, gint fd)
{
  gchar buffer[65536];
  gssize n = pread(fd, buffer, sizeof(buffer), 0);

  if (n > 0)
    _append(got, buffer, n);
  close(fd);
}

/* Returns: %FALSE at the end of a connection */
static gboolean
_take(gint fd, gint got)
{
  gchar buffer[65536];
  union
  {
    struct cmsghdr header;
    gchar space[CMSG_SPACE(sizeof(gint))];
  } control;
  struct iovec bytes = { buffer, sizeof(buffer) };
  gssize n;

  while (TRUE)
    {
      struct msghdr message = { .msg_iov = &bytes,
                                .msg_iovlen = 1,
                                .msg_control = &control,
                                .msg_controllen = sizeof(control) };
      n = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
      if (n > 0)
        _append(got, buffer, n);
      else if (n == 0 && message.msg_controllen > 0)
        _append_file(got, *(gint *) (gpointer) CMSG_DATA(&control.header));
      else
        return n < 0 && errno == EAGAIN;
    }
}

static void
_take_connections(struct pollfd *fds, guint *n, gint listener)
{
  gint fd;

  while (*n < FDS_MAX && (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    fds[(*n)++] = (struct pollfd) { .fd = fd, .events = POLLIN };
}

/* The first two are datagrams', the next two listen. */
static void
_serve_turn(struct pollfd *fds, guint *n, gint got)
{
  if (poll(fds, *n, -1) < 0)
    _fail("poll");
  for (guint i = *n; i-- > 0;)
    if (i < 2)
      _take(fds[i].fd, got);
    else if (i < 4)
      _take_connections(fds, n, fds[i].fd);
    else if (fds[i].revents && !_take(fds[i].fd, got))
      {
        close(fds[i].fd);
        fds[i] = fds[--*n];
      }
}

static void G_GNUC_NORETURN
_serve(const gchar *folder)
{
  g_autofree gchar *path = g_build_filename(folder, "got", NULL);
  gint got = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  struct pollfd fds[FDS_MAX] = { { 0 } };
  guint udp, tcp, n = 4;

  fds[0].fd = _bind_path(SOCK_DGRAM, folder, "dgram");
  fds[1].fd = _bind_port(SOCK_DGRAM, &udp);
  fds[2].fd = _bind_path(SOCK_STREAM, folder, "stream");
  fds[3].fd = _bind_port(SOCK_STREAM, &tcp);
  for (guint i = 0; i < n; i++)
    fds[i].events = POLLIN;
  _write_ports(folder, udp, tcp);
  while (TRUE)
    _serve_turn(fds, &n, got);
}

/* --- the emitter ------------------------------------------------------------------------------ */

typedef struct _Run
{
  CdEmitter *emitter;
  guint n_left;
  guint n_troubles;
} Run;

static void
_trouble(const gchar *what, gboolean is_well, gpointer user_data)
{
  Run *self = user_data;

  self->n_troubles += !is_well;
}

static gboolean
_accept_one(gpointer user_data)
{
  Run *self = user_data;
  CdRecord record = { 0 };

  cd_record_set(&record, CD_FIELD_DISCONNECT_REASON, CD_TEXT("graceful"));
  cd_emitter_accept(self->emitter, &record);
  return --self->n_left > 0;
}

static gboolean
_retry(gpointer user_data)
{
  Run *self = user_data;

  cd_emitter_retry(self->emitter);
  return G_SOURCE_CONTINUE;
}

/* By a call that nobody makes fail. */
static void
_write_result(const Run *self, gboolean is_done, gint fd)
{
  CdEmitterFigures figures;
  const CdFeedFigures *target = &figures.targets[0];
  g_autofree gchar *hindrance = cd_emitter_describe_hindrance(self->emitter, 0);
  g_autofree gchar *text = NULL;

  cd_emitter_get_figures(self->emitter, &figures);
  text = g_strdup_printf("done %d\naccepted %" G_GUINT64_FORMAT "\nbacklog %" G_GUINT64_FORMAT
                         "\nrefused %" G_GUINT64_FORMAT "\ndropped %" G_GUINT64_FORMAT
                         "\ntroubles %u\nhindrance %s\n",
                         is_done, figures.spool.accepted, target->backlog, target->refused,
                         target->dropped, self->n_troubles, hindrance ? hindrance : "");
  if (pwrite(fd, text, strlen(text), 0) < 0)
    _fail("pwrite");
}

static int
_run(const gchar *uri, guint n, guint seconds, const gchar *result)
{
  gint fd = open(result, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  Run run = { NULL, n, 0 };
  const gchar *const uris[] = { uri, NULL };
  const CdTargetTls tls = { .authority = g_getenv("TARGET_AUTHORITY") };
  const CdEmitterOptions options = {
    .app_name = "target-driver",
    .pen = 32473,
    .uris = uris,
    .tls = &tls,
    .trouble = _trouble,
    .user_data = &run,
  };

  unlink(MARK);
  run.emitter = cd_emitter_new(&options, NULL);
  if (!run.emitter)
    return 1;
  g_timeout_add(RECORD_INTERVAL, _accept_one, &run);
  g_timeout_add(RETRY_INTERVAL, _retry, &run);
  while (run.n_left)
    g_main_context_iteration(NULL, TRUE);
  _write_result(&run, cd_emitter_flush(run.emitter, seconds, NULL), fd);
  cd_emitter_free(run.emitter);
  return 0;
}

int
main(int argc, char **argv)
{
  if (argc == 3 && strcmp(argv[1], "serve") == 0)
    _serve(argv[2]);
  if (argc == 6 && strcmp(argv[1], "run") == 0)
    return _run(argv[2], (guint) atoi(argv[3]), (guint) atoi(argv[4]), argv[5]);
  g_printerr("usage: target-driver serve FOLDER | run URI N SECONDS RESULT\n");
  return 2;
}
