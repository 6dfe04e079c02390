// An outbox in SQLite, as cheap as one can be: WAL, a sync for each transaction, no index besides
// the number, and a message that has been accepted is forgotten. (Fieldpost keeps its outcome.)
#include <sqlite3.h>

#include "tests/bench/letter.h"
#include "tests/bench/peer.h"

namespace fieldpost::bench {
namespace {

constexpr const char* kSchema =
    "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, state INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, created INTEGER NOT NULL, changed INTEGER NOT NULL,"
    " ttl INTEGER NOT NULL, scenario TEXT NOT NULL, recipient TEXT NOT NULL,"
    " template TEXT NOT NULL, namespace TEXT NOT NULL, language TEXT NOT NULL,"
    " key TEXT NOT NULL, source TEXT NOT NULL, value TEXT NOT NULL)";

class SqlitePeer final : public Peer {
 public:
  ~SqlitePeer() override {
    for (sqlite3_stmt* one : {begin_, commit_, insert_, select_, start_, remove_}) {
      sqlite3_finalize(one);
    }
    sqlite3_close(db_);
  }

  std::uint64_t open(const std::string& folder) override {
    check(sqlite3_open((folder + "/outbox.db").c_str(), &db_));
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    int on = 1;  // as in a program that runs for years: its log has its size, and keeps it
    check(sqlite3_file_control(db_, "main", SQLITE_FCNTL_PERSIST_WAL, &on));
    run(kSchema);
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    insert_ = prepare(
        "INSERT INTO outbox VALUES (?1, 0, 0, unixepoch(), unixepoch(), ?2, ?3, ?4, ?5, ?6, ?7,"
        " ?8, ?9, ?10)");
    select_ = prepare(
        "SELECT recipient, template, namespace, language, value FROM outbox"
        " WHERE id = ?1");
    start_ = prepare(
        "UPDATE outbox SET state = 1, attempts = attempts + 1, changed = unixepoch()"
        " WHERE id = ?1");
    remove_ = prepare("DELETE FROM outbox WHERE id = ?1");
    sqlite3_stmt* all = prepare("SELECT id, state, attempts, recipient, scenario FROM outbox");
    std::uint64_t waiting = 0;
    while (sqlite3_step(all) == SQLITE_ROW) ++waiting;
    sqlite3_finalize(all);
    return waiting;
  }

  void take(std::uint64_t number) override {
    const Message m = letter(number);
    bind(insert_, 1, number);
    bind(insert_, 2, m.ttl.ms);
    int at = 3;
    for (const std::string_view text :
         {m.scenario.view(), m.to.view(), m.template_name.view(), m.template_namespace.view(),
          m.language.view(), m.key.view(), m.source.view(), m.values[0]}) {
      check(sqlite3_bind_text(insert_, at++, text.data(), static_cast<int>(text.size()),
                              SQLITE_TRANSIENT));
    }
    change(insert_);
  }

  void start(std::uint64_t number) override {
    bind(select_, 1, number);
    if (sqlite3_step(select_) != SQLITE_ROW ||
        letter_text(number) != reinterpret_cast<const char*>(sqlite3_column_text(select_, 4))) {
      give_up("SQLite read another text");
    }
    check(sqlite3_reset(select_));
    bind(start_, 1, number);
    change(start_);
  }

  void accept(std::uint64_t number) override {
    bind(remove_, 1, number);
    change(remove_);
  }

  void commit() override {
    if (!in_transaction_) return;
    step(commit_);
    in_transaction_ = false;
  }

 private:
  void check(int status) {
    if (status != SQLITE_OK) give_up(std::string("SQLite: ") + sqlite3_errmsg(db_));
  }
  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
  }
  void bind(sqlite3_stmt* statement, int at, std::uint64_t value) {
    check(sqlite3_bind_int64(statement, at, static_cast<sqlite3_int64>(value)));
  }
  void step(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) {
      give_up(std::string("SQLite: ") + sqlite3_errmsg(db_));
    }
    check(sqlite3_reset(statement));
  }
  void change(sqlite3_stmt* statement) {
    if (!in_transaction_) step(begin_);
    in_transaction_ = true;
    step(statement);
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt *begin_ = nullptr, *commit_ = nullptr, *insert_ = nullptr, *select_ = nullptr,
               *start_ = nullptr, *remove_ = nullptr;
  bool in_transaction_ = false;
};

}  // namespace

std::unique_ptr<Peer> make_sqlite() { return std::make_unique<SqlitePeer>(); }

}  // namespace fieldpost::bench
