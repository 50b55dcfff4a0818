using Roster.Core.Ids;

namespace Roster.Core.Events.Feed;

/// <summary>Who listens to which user, so that an event costs as much as it has listeners. Not safe for concurrent use.</summary>
internal sealed class FeedIndex
{
    private readonly HashSet<Subscription> all = [];
    private readonly Dictionary<UserId, HashSet<Subscription>> byUser = [];

    public void Add(Subscription subscription)
    {
        if (subscription.Listener.Filter.User is not { } user)
        {
            all.Add(subscription);
        }
        else if (byUser.TryGetValue(user, out var listeners))
        {
            listeners.Add(subscription);
        }
        else
        {
            byUser.Add(user, [subscription]);
        }
    }

    public void Remove(Subscription subscription)
    {
        if (subscription.Listener.Filter.User is not { } user)
        {
            all.Remove(subscription);
        }
        else if (byUser.TryGetValue(user, out var listeners) && listeners.Remove(subscription) && listeners.Count == 0)
        {
            byUser.Remove(user);
        }
    }

    public void Offer(FeedItem item)
    {
        OfferTo(all, item);
        if (byUser.TryGetValue(item.User, out var listeners))
        {
            OfferTo(listeners, item);
        }
    }

    public void ForEach(Action<Subscription> act)
    {
        foreach (var subscription in byUser.Values.Prepend(all).SelectMany(listeners => listeners))
        {
            act(subscription);
        }
    }

    private static void OfferTo(HashSet<Subscription> listeners, FeedItem item)
    {
        foreach (var listener in listeners)
        {
            if (listener.Listener.Filter.Takes(item.Tenant, item.User, item.Type))
            {
                listener.Offer(item);
            }
        }
    }
}
