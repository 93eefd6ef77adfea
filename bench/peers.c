/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "peers.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#ifdef HAVE_LIBSYSTEMD
#include <systemd/sd-journal.h>
#endif

#define JOURNAL_FOLDER "/run/systemd/journal"

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

void
bench_record_fill(CdRecord *record)
{
  for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
    cd_record_set(record, fields[i].field, cd_text_from_string(fields[i].value));
}

#ifdef HAVE_LIBSYSTEMD
void
bench_journal_send(const gchar *run_id)
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
    "CODER_BYTES_OUT=%s", fields[18].value, "CODER_RUN_ID=%s", run_id, NULL);
}
#endif

void
bench_die(const gchar *what)
{
  fprintf(stderr, "%s: %s: %s\n", g_get_prgname(), what, g_strerror(errno));
  exit(1);
}

static void
_write_file(const gchar *path, const gchar *text)
{
  gint fd = open(path, O_WRONLY | O_CLOEXEC);

  if (fd < 0 || write(fd, text, strlen(text)) < 0)
    bench_die(path);
  close(fd);
}

static void
_enter_namespace(void)
{
  g_autofree gchar *uid = g_strdup_printf("0 %u 1", getuid());
  g_autofree gchar *gid = g_strdup_printf("0 %u 1", getgid());
  gboolean is_root = geteuid() == 0;

  if (unshare(CLONE_NEWNS | (is_root ? 0 : CLONE_NEWUSER)) < 0)
    bench_die("a mount namespace of our own");
  if (!is_root)
    {
      _write_file("/proc/self/setgroups", "deny");
      _write_file("/proc/self/uid_map", uid);
      _write_file("/proc/self/gid_map", gid);
    }
  if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0
      || mount("tmpfs", "/run", "tmpfs", 0, NULL) < 0
      || mount("tmpfs", "/dev", "tmpfs", 0, NULL) < 0)
    bench_die("mount");
  if (g_mkdir_with_parents(JOURNAL_FOLDER, 0755) < 0)
    bench_die(JOURNAL_FOLDER);
}

static gint
_open(const gchar *path, gint (*join)(gint, const struct sockaddr *, socklen_t))
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  gint fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
  if (fd < 0 || join(fd, (struct sockaddr *) &address, sizeof(address)) < 0)
    bench_die(path);
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

pid_t
bench_peers_start(void)
{
  gint log, journal;
  pid_t drain;

  _enter_namespace();
  log = _open("/dev/log", bind);
  journal = _open(JOURNAL_FOLDER "/socket", bind);
  drain = fork();
  if (drain == 0)
    _drain(log, journal);
  close(log);
  close(journal);
  return drain;
}

gint
bench_peers_connect_log(void)
{
  return _open("/dev/log", connect);
}
