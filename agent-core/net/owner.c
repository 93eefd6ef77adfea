/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "net/owner.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

/* The answer, or an error, both without attributes that were not asked for. */
#define ANSWER_SIZE 1024

typedef struct _Question
{
  struct nlmsghdr header;
  struct inet_diag_req_v2 body;
} Question;

typedef struct _End
{
  gint family;
  in_port_t port;
  guint32 scope;
  guint32 address[4];
} End;

/* The kernel itself looks under IPv4 for an address of it within an IPv6 one. */
static void
_read_end(const struct sockaddr *native, End *end)
{
  const struct sockaddr_in *v4 = (const struct sockaddr_in *) native;
  const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *) native;

  *end = (End) { .family = native->sa_family };
  if (native->sa_family == AF_INET)
    {
      end->port = v4->sin_port;
      end->address[0] = v4->sin_addr.s_addr;
      return;
    }
  end->port = v6->sin6_port;
  end->scope = v6->sin6_scope_id;
  memcpy(end->address, &v6->sin6_addr, sizeof(end->address));
}

static void
_fill(Question *question, const End *from, const End *to)
{
  *question = (Question) {
    .header = {
      .nlmsg_len = sizeof(*question),
      .nlmsg_type = SOCK_DIAG_BY_FAMILY,
      .nlmsg_flags = NLM_F_REQUEST,
    },
    .body = {
      .sdiag_family = (guint8) from->family,
      .sdiag_protocol = IPPROTO_TCP,
      .idiag_states = ~0U,
      .id = {
        .idiag_sport = from->port,
        .idiag_dport = to->port,
        .idiag_if = from->scope,
        .idiag_cookie = { INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE },
      },
    },
  };
  memcpy(question->body.id.idiag_src, from->address, sizeof(from->address));
  memcpy(question->body.id.idiag_dst, to->address, sizeof(to->address));
}

/* Where there is no such connection, the kernel names who listens at the port, and is connected to
 * none. And of a socket that was closed while its connection lives on it says user 0, and inode 0,
 * which no socket has that somebody holds: without this, anybody could be root by sending and
 * closing at once. */
static gboolean
_is_held_connection(const struct inet_diag_msg *found, const End *to)
{
  return found->id.idiag_dport == to->port && found->idiag_inode != 0;
}

static gboolean
_ask(gint fd, const Question *question, const End *to, uid_t *uid)
{
  const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
  union
  {
    struct nlmsghdr header;
    gchar bytes[ANSWER_SIZE];
  } answer;
  const struct inet_diag_msg *found = NLMSG_DATA(&answer.header);
  ssize_t length;

  if (sendto(fd, question, sizeof(*question), 0, (const struct sockaddr *) &kernel, sizeof(kernel))
      < 0)
    return FALSE;
  do
    length = recv(fd, &answer, sizeof(answer), 0);
  while (length < 0 && errno == EINTR);
  if (length < (ssize_t) NLMSG_LENGTH(sizeof(*found))
      || answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY || !_is_held_connection(found, to))
    return FALSE;
  *uid = found->idiag_uid;
  return TRUE;
}

gboolean
cd_owner_find(const struct sockaddr *from, const struct sockaddr *to, uid_t *uid)
{
  Question question;
  End near, far;
  gboolean result;
  gint fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

  if (fd < 0)
    return FALSE;
  _read_end(from, &near);
  _read_end(to, &far);
  _fill(&question, &near, &far);
  result = _ask(fd, &question, &far, uid);
  close(fd);
  return result;
}
