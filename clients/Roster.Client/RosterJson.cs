using System.Text.Json.Serialization;

namespace Roster.Client;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(User[]))]
[JsonSerializable(typeof(NewUser))]
[JsonSerializable(typeof(UserPatch))]
[JsonSerializable(typeof(IdList))]
[JsonSerializable(typeof(UsersAndMissing))]
[JsonSerializable(typeof(Post[]))]
[JsonSerializable(typeof(PostText))]
[JsonSerializable(typeof(PostPatch))]
[JsonSerializable(typeof(Event[]))]
[JsonSerializable(typeof(Key[]))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(ParkedEvent[]))]
[JsonSerializable(typeof(ParkedRetry))]
[JsonSerializable(typeof(RetriedUsers))]
[JsonSerializable(typeof(ImportedLine))]
[JsonSerializable(typeof(ImportEnd))]
[JsonSerializable(typeof(EventTicket))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class RosterJson : JsonSerializerContext;
