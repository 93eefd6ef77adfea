/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a record costs its sender: formatting alone, and with handing it to the kernel, beside
 * syslog(3) with a plain message of the same length and sd_journal_send(3) with the same fields.
 *
 * All write to datagram sockets of our own that a child process drains: the program enters a mount
 * namespace, in which it is /dev/log and the journal. CPU of this thread is what is measured, so
 * that a full socket, for which a sender waits, costs nothing; rounds go in turn. */

#include "emit/sender.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#ifdef HAVE_LIBSYSTEMD
#include <systemd/sd-journal.h>
#endif

#define JOURNAL_FOLDER "/run/systemd/journal"
#define GOAL 500000

static gint rounds = 40;
static gint batch = 5000;

static const GOptionEntry options[] = {
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &rounds, "rounds over all subjects [40]", "N" },
  { "batch", 'b', 0, G_OPTION_ARG_INT, &batch, "records in a round [5000]", "N" },
  { NULL },
};

/* 20 fields, 60 bytes of detail. */
static const struct
{
  CdField field;
  const gchar *value;
} fields[] = {
  { CD_FIELD_CONNECT_TYPE, "agent_to_client" },
  { CD_FIELD_SITE, "ssh-session" },
  { CD_FIELD_DISCONNECT_REASON, "network_error" },
  { CD_FIELD_DISCONNECT_EXPECTED, "false" },
  { CD_FIELD_DISCONNECT_INITIATOR, "network" },
  { CD_FIELD_DISCONNECT_DETAIL,
    "read tcp 10.40.12.7:22->10.40.12.9:51514: connection reset \"x\"" },
  { CD_FIELD_CONNECTION_METHOD, "derp" },
  { CD_FIELD_EXIT_CODE, "255" },
  { CD_FIELD_RULE, "33" },
  { CD_FIELD_SESSION_ID, "4d7a5756-1dc1-4e4b-a50d-661a79e1e12f" },
  { CD_FIELD_CONNECTION_ID, "5d7a5756-1dc1-4e4b-a50d-661a79e1e12f" },
  { CD_FIELD_WORKSPACE_ID, "0f6ab3a8-3f6d-4f58-9a0c-8d7c6e5b4a39" },
  { CD_FIELD_WORKSPACE_NAME, "main" },
  { CD_FIELD_OWNER_NAME, "alice" },
  { CD_FIELD_REMOTE_ADDR, "[fd7a:115c:a1e0:4077:b6f7:174c:2b34:45dd]:40984" },
  { CD_FIELD_LOCAL_ADDR, "[fd7a:115c:a1e0:4450:9b88:8d20:91e0:e413]:1" },
  { CD_FIELD_DURATION_MS, "1843012" },
  { CD_FIELD_BYTES_IN, "81234" },
  { CD_FIELD_BYTES_OUT, "9912345" },
};

static CdRecord record;
static CdSender *sender;
static GString *line;
static gchar *plain;
static gint log_socket;

typedef struct _Subject
{
  const gchar *title;
  void (*emit)(void);
  GArray *costs; /* nanoseconds for each record, one for each round */
} Subject;

static void
_format(void)
{
  g_string_truncate(line, 0);
  cd_sender_append_record(sender, line, &record, g_get_real_time());
}

static void
_die(const gchar *what)
{
  fprintf(stderr, "bench-emit: %s: %s\n", what, g_strerror(errno));
  exit(1);
}

static void
_wait_for_room(gint fd)
{
  struct pollfd waiting = { fd, POLLOUT, 0 };

  poll(&waiting, 1, -1);
}

static void
_format_and_send(void)
{
  _format();
  while (send(log_socket, line->str, line->len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    {
      if (errno != EAGAIN)
        _die("send");
      _wait_for_room(log_socket);
    }
}

static void
_syslog(void)
{
  syslog(LOG_WARNING, "%s", plain);
}

#ifdef HAVE_LIBSYSTEMD
static void
_journal_send(void)
{
  sd_journal_send(
    "MESSAGE=SSH session ended: %s (%s)", fields[2].value, fields[4].value, "PRIORITY=%d",
    LOG_WARNING, "CODER_CONNECT_TYPE=%s", fields[0].value, "CODER_SITE=%s", fields[1].value,
    "CODER_DISCONNECT_REASON=%s", fields[2].value, "CODER_DISCONNECT_EXPECTED=%s", fields[3].value,
    "CODER_DISCONNECT_INITIATOR=%s", fields[4].value, "CODER_DISCONNECT_DETAIL=%s", fields[5].value,
    "CODER_CONNECTION_METHOD=%s", fields[6].value, "CODER_EXIT_CODE=%s", fields[7].value,
    "CODER_RULE=%s", fields[8].value, "CODER_SESSION_ID=%s", fields[9].value,
    "CODER_CONNECTION_ID=%s", fields[10].value, "CODER_WORKSPACE_ID=%s", fields[11].value,
    "CODER_WORKSPACE_NAME=%s", fields[12].value, "CODER_OWNER_NAME=%s", fields[13].value,
    "CODER_REMOTE_ADDR=%s", fields[14].value, "CODER_LOCAL_ADDR=%s", fields[15].value,
    "CODER_DURATION_MS=%s", fields[16].value, "CODER_BYTES_IN=%s", fields[17].value,
    "CODER_BYTES_OUT=%s", fields[18].value, "CODER_RUN_ID=%s", cd_sender_get_run_id(sender), NULL);
}
#endif

static Subject subjects[] = {
  { "formatting alone", _format, NULL },
  { "formatting and send(2)", _format_and_send, NULL },
  { "syslog(3), a plain message", _syslog, NULL },
#ifdef HAVE_LIBSYSTEMD
  { "sd_journal_send(3), the same fields", _journal_send, NULL },
#endif
};

/* --- sockets of our own ----------------------------------------------------------------------- */

static void
_write_file(const gchar *path, const gchar *text)
{
  gint fd = open(path, O_WRONLY | O_CLOEXEC);

  if (fd < 0 || write(fd, text, strlen(text)) < 0)
    _die(path);
  close(fd);
}

static void
_enter_namespace(void)
{
  g_autofree gchar *uid = g_strdup_printf("0 %u 1", getuid());
  g_autofree gchar *gid = g_strdup_printf("0 %u 1", getgid());
  gboolean is_root = geteuid() == 0;

  if (unshare(CLONE_NEWNS | (is_root ? 0 : CLONE_NEWUSER)) < 0)
    _die("a mount namespace of our own");
  if (!is_root)
    {
      _write_file("/proc/self/setgroups", "deny");
      _write_file("/proc/self/uid_map", uid);
      _write_file("/proc/self/gid_map", gid);
    }
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0
      || mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0
      || mount("tmpfs", "/dev", "tmpfs", 0, NULL) < 0)
    _die("mount");
  if (g_mkdir_with_parents(JOURNAL_FOLDER, 0755) < 0)
    _die(JOURNAL_FOLDER);
}

static gint
_bind(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  if (fd < 0 || bind(fd, (struct sockaddr *) &address, sizeof(address)) < 0)
    _die(path);
  return fd;
}

static gint
_connect(const gchar *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  if (fd < 0 || connect(fd, (struct sockaddr *) &address, sizeof(address)) < 0)
    _die(path);
  return fd;
}

static G_GNUC_NORETURN void
_drain(gint first, gint second)
{
  static gchar buffer[65536];
  struct pollfd sockets[] = { { first, POLLIN, 0 }, { second, POLLIN, 0 } };

  for (;;)
    {
      poll(sockets, G_N_ELEMENTS(sockets), -1);
      for (gsize i = 0; i < G_N_ELEMENTS(sockets); i++)
        while (recv(sockets[i].fd, buffer, sizeof(buffer), MSG_DONTWAIT) > 0)
          ;
    }
}

/* Returns: the process that drains. */
static pid_t
_set_up_sockets(void)
{
  gint log, journal;
  pid_t drain;

  _enter_namespace();
  log = _bind("/dev/log");
  journal = _bind(JOURNAL_FOLDER "/socket");
  drain = fork();
  if (drain == 0)
    _drain(log, journal);
  log_socket = _connect("/dev/log");
  return drain;
}

/* --- measuring -------------------------------------------------------------------------------- */

static gdouble
_now(void)
{
  struct timespec now;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (gdouble) now.tv_sec * 1e9 + (gdouble) now.tv_nsec;
}

static void
_measure(Subject *subject)
{
  gdouble start = _now();
  gdouble cost;

  for (gint i = 0; i < batch; i++)
    subject->emit();
  cost = (_now() - start) / batch;
  g_array_append_val(subject->costs, cost);
}

static gint
_compare(gconstpointer a, gconstpointer b)
{
  gdouble x = *(const gdouble *) a, y = *(const gdouble *) b;

  return x < y ? -1 : x > y;
}

static gdouble
_median(GArray *costs)
{
  g_array_sort(costs, _compare);
  return g_array_index(costs, gdouble, costs->len / 2);
}

static void
_make_record(void)
{
  sender = cd_sender_new("bench-emit", CD_SENDER_PEN_EXAMPLE);
  line = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    cd_record_set(&record, fields[i].field, cd_text_from_string(fields[i].value));
  _format();
  plain = g_strnfill(line->len, 'x');
}

static void
_print(void)
{
  gdouble plain_rate = 1e9 / _median(subjects[2].costs);

  printf("A record of %" G_GSIZE_FORMAT " bytes with 20 parameters: median of %d rounds of %d.\n\n",
         line->len, rounds, batch);
  printf("%-38s %8s %12s %12s\n", "", "ns", "records/s", "to syslog(3)");
  for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
    {
      gdouble rate = 1e9 / _median(subjects[i].costs);
      printf("%-38s %8.0f %12.0f %12.2f", subjects[i].title, 1e9 / rate, rate, rate / plain_rate);
      if (i == 0)
        printf("   goal %d %s", GOAL, rate >= GOAL ? "ok" : "UNDER");
      printf("\n");
    }
}

int
main(int argc, char **argv)
{
  g_autoptr(GOptionContext) context = g_option_context_new(NULL);
  g_autoptr(GError) error = NULL;
  pid_t drain;

  g_option_context_add_main_entries(context, options, NULL);
  if (!g_option_context_parse(context, &argc, &argv, &error))
    {
      fprintf(stderr, "bench-emit: %s\n", error->message);
      return 2;
    }
  _make_record();
  drain = _set_up_sockets();
  openlog("bench-emit", LOG_PID, LOG_DAEMON);
  for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
    subjects[i].costs = g_array_new(FALSE, FALSE, sizeof(gdouble));
  for (gint round = 0; round < rounds; round++)
    for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++)
      _measure(&subjects[i]);
  kill(drain, SIGKILL);
  waitpid(drain, NULL, 0);
  _print();
  return 0;
}
