// store: the region itself, looked at by a command.
#include <errno.h>

#include <algorithm>

#include "agent/base/bytes.h"
#include "agent/cli/cli.h"
#include "agent/desk/store_line.h"
#include "agent/json/write.h"
#include "agent/queue/record_reader.h"
#include "platform/linux/keep_damaged.h"
#include "platform/linux/self_test.h"
#include "platform/linux/shell.h"

namespace fieldpost {
// One line at a time, and what it is made of.
struct StoreLines {
  explicit StoreLines(LineSink& to) : sink(to) {}

  bool put(MessageId id, const Message* m, const Standing* s, std::uint64_t commit = 0) {
    put_record(line, id, m, s, commit);
    return flush();
  }
  bool flush() {
    const bool more = put_lines(line.written(), 200, sink);
    line.clear();
    return more;
  }

  LineSink& sink;
  TextBuffer<kRecordBytesMax> line;
  Message message;
  Standing standing;
};

namespace {

void export_all(Queue& queue, StoreLines& lines) {
  std::uint64_t cursor = 0;
  while (queue.next_ended(cursor, lines.message, lines.standing) == Status::ok) {
    if (!lines.put(lines.message.id, &lines.message, &lines.standing)) return;
  }
  for (const Live& one : queue.live()) {
    const bool readable = queue.read(one.id, lines.message, lines.standing) == Status::ok;
    if (!lines.put(one.id, readable ? &lines.message : nullptr, &lines.standing)) return;
  }
}

void verify(Queue& queue, const RecoveryReport& found, const FlashGeometry& geometry,
            StoreLines& lines) {
  StoreReport report;
  std::uint64_t cursor = 0;
  while (queue.next_ended(cursor, lines.message, lines.standing) == Status::ok) ++report.ended;
  for (const Live& one : queue.live()) {
    if (queue.read(one.id, lines.message, lines.standing) != Status::ok) ++report.unreadable;
  }
  const QueueUsage usage = queue.usage();
  report.id = queue.store_id();
  report.version = queue.version();
  report.size_bytes = usage.region_bytes;
  report.segment_bytes = geometry.segment_bytes;
  report.write_unit = geometry.write_unit;
  report.laps = usage.begun_most - 1;
  report.live = usage.live;
  report.torn_units = usage.torn_units;
  report.corrupt_units = usage.corrupt_units;
  report.lost = found.lost;
  report.in_doubt = found.in_doubt;
  put_store_report(lines.line, report);
  lines.flush();
}

void put_self_test(const SelfTestReport& report, TextWriter& out) {
  out.put('{');
  put_json_bool(out, "ok", report.ok());
  put_json_number(out, "rounds", report.rounds);
  put_json_number(out, "taken", report.taken);
  put_json_number(out, "lost", report.lost);
  put_json_number(out, "corrupt", report.corrupt_units);
  put_json_number(out, "sync_us", report.sync_us);
  if (report.resumed) put_json_number(out, "found", report.found);
  out.put("}\n");
}

// `named`: how many bytes the commit says it has; that may be what is damaged. False: no more lines
// are wanted.
bool put_records(std::span<const std::byte> body, std::size_t named, std::uint64_t commit,
                 StoreLines& lines) {
  Message& message = lines.message;
  Standing& standing = lines.standing;
  RecordReader records(body, RecordReader::Sums::known_right);
  for (RecordView record; records.next(record) == Status::ok;) {
    if (RecordReader(record.whole).next(record) != Status::ok) {
      // Its length may be right all the same, and then the next one lies behind it.
      if (record.at >= named) return true;
      continue;
    }
    const MessageId id = id_of(record);
    bool more = true;
    if (record.kind == RecordKind::message && read_message(record.body, message) == Status::ok) {
      more = lines.put(id, &message, nullptr, commit);
    } else if (record.kind == RecordKind::standing &&
               read_standing(record.body, standing) == Status::ok) {
      more = lines.put(id, nullptr, &standing, commit);
    } else if ((record.kind == RecordKind::ended || record.kind == RecordKind::history) &&
               read_ended(record.body, message, standing) == Status::ok) {
      more = lines.put(id, &message, &standing, commit);
    }
    if (!more) return false;
  }
  return true;
}

// Believes no commit, only what begins one: each record has a sum of its own, so that whatever
// checks out is told, in the order in which it lies there.
void salvage(Flash& flash, StoreLines& lines) {
  static std::array<std::byte, limits::commit_bytes_max> room;
  const FlashGeometry geometry = flash.geometry();
  const std::span<std::byte> header = std::span(room).first(kBodyAt);
  for (std::uint32_t segment = 0; segment < geometry.segments; ++segment) {
    for (std::uint32_t at = 0; at + kBodyAt < geometry.segment_bytes; at += geometry.write_unit) {
      if (flash.read(segment, at, header) != Status::ok ||
          load_le<std::uint32_t>(header.subspan<kMagicAt, 4>()) != kCommitMagic) {
        continue;
      }
      const auto number = load_le<std::uint64_t>(header.subspan<kNumberAt, 8>());
      const std::size_t named = load_le<std::uint32_t>(header.subspan<kBodyBytesAt, 4>());
      const std::size_t rest = geometry.segment_bytes - at - kBodyAt;
      std::span<std::byte> body = std::span(room).first(std::min(rest, room.size()));
      if (flash.read(segment, at + kBodyAt, body) != Status::ok) {
        // What cannot be read, or is not there, may lie behind the commit.
        body = body.first(std::min(named, body.size()));
        if (flash.read(segment, at + kBodyAt, body) != Status::ok) continue;
      }
      if (!put_records(body, named, number, lines)) return;
    }
  }
}

int exit_for(int error, int otherwise) {
  return error == EACCES || error == EPERM ? int{kNotAllowed} : otherwise;
}

Status upgrade(Queue& queue, StoreLines& lines) {
  const std::uint8_t from = queue.version();
  TRY(queue.upgrade());
  lines.line.put('{');
  put_json_bool(lines.line, "ok", true);
  put_json_number(lines.line, "from", from);
  put_json_number(lines.line, "version", kFormatVersion);
  lines.line.put("}\n");
  lines.flush();
  return Status::ok;
}

}  // namespace

Status LinuxShell::look_at_store(StoreLook look, std::string_view path, LineSink& sink) {
  static Place<StoreLines> place;
  StoreLines& lines = place.make(sink);
  release_queue();
  switch (look) {
    case StoreLook::verify:
    case StoreLook::export_all:
    case StoreLook::upgrade: break;
    case StoreLook::salvage: return salvage_store(path, lines);
    case StoreLook::self_test: return test_place(path, lines);
  }
  const Settings* const wanted = settings();
  if (wanted == nullptr) return fail(Status::invalid, kConfiguration);
  TRY(open_queue_for(*wanted, Wish::rows));
  Queue& queue = queue_->queue();
  Status looked = Status::ok;
  if (look == StoreLook::verify) {
    verify(queue, queue_->found(), store_.geometry(), lines);
  } else if (look == StoreLook::export_all) {
    export_all(queue, lines);
  } else {
    looked = upgrade(queue, lines);
  }
  release_queue();
  if (looked == Status::ok) return looked;
  trouble_.put("the store cannot be written"_packed);
  return fail(looked, kFlashError);
}

bool LinuxShell::find_damaged_copy(TextWriter& path) {
  const Settings* const known = settings();
  return known != nullptr && has_damaged(known->queue.path.view(), path);
}

Status LinuxShell::test_place(std::string_view path, StoreLines& lines) {
  trouble_.clear();
  SelfTestReport report;
  errno = 0;
  const Status tested = self_test(path, clock_, entropy_, out_is_terminal() ? &lines.sink : nullptr,
                                  report, trouble_);
  if (tested != Status::ok) return fail(tested, exit_for(errno, kFlashError));
  put_self_test(report, lines.line);
  lines.flush();
  return Status::ok;
}

Status LinuxShell::salvage_store(std::string_view path, StoreLines& lines) {
  trouble_.clear();
  if (path.empty()) {
    const Settings* const wanted = settings();
    if (wanted == nullptr) return fail(Status::invalid, kConfiguration);
    path = wanted->queue.path.view();
  }
  // A copy may lie anywhere, and be one of a device with smaller units.
  Region region;
  const RegionWish wish{
      .path = path, .write_unit = kUnitBytesMin, .may_be_volatile = true, .read_only = true};
  errno = 0;
  if (const Status opened = open_existing_region(wish, region); opened != Status::ok) {
    put_trouble(trouble_, path, opened, region);
    return fail(opened, exit_for(errno, opened == Status::not_found ? kNotReachable : kFlashError));
  }
  FlashFile flash(region.file.get(), region.geometry);
  salvage(flash, lines);
  return Status::ok;
}

}  // namespace fieldpost
