#include "agent/cli/commands.h"
#include "agent/cli/local.h"

namespace fieldpost {

int show_main(Call& call) {
  // A line for each member that is there.
  constexpr PackedText kBlock =
      "[Message       {id}\n]"
      "[Scenario      {scenario}\n]"
      "[To            {to}\n]"
      "[State         {state}: {state:words}\n]"
      "[Reason        {reason}: {reason:words}\n]"
      "[In its words  {detail}\n]"
      "[{code:if}Code          {code}\n]"
      "[What to do    {code:advice}\n]"
      "[Attempts      {attempts}\n]"
      "[Created       {created:time}\n]"
      "[Next attempt  {next_attempt:time}\n]"
      "[Accepted      {accepted_at:time}\n]"
      "[Delivered     {delivered_at:time}\n]"
      "[Expires       {expires:time}\n]"
      "[WhatsApp id   {message_id}\n]"
      "[Key           {key}\n]"
      "[Topic         {topic}\n]"
      "[Operator      {operator}\n]"
      "[Retry of      {retry_of}\n]"_packed;
  const std::uint64_t id = read_id(call);
  if (id == 0) return kUsage;
  const MessageRequest request(id, call.arguments.has("--reveal") ? "?reveal=1" : "");
  return ask_and_show(call, request, kBlock);
}

}  // namespace fieldpost
