using Unseen.Fuzzing;

// What eng/fuzz.sh calls: write the good files of a reader, be the process that AFL++ feeds, or read one file again to see why it failed.
var target = args.Length > 1 ? FuzzTarget.All.SingleOrDefault(t => t.Name == args[1]) : null;
switch (args)
{
    case ["seeds", _, var folder] when target is not null:
        Directory.CreateDirectory(folder);
        for (var n = 0; n < target.Seeds; n++)
            target.WriteSeed(Path.Combine(folder, $"{target.Name}-{n}"), n);
        return 0;
    case ["afl", _] when target is not null:
        FuzzLoop.Run(target);
        return 0;
    case ["replay", _, var file] when target is not null:
        Console.WriteLine(FuzzLoop.Accepts(target, file) ? "read" : "refused");
        return 0;
    default:
        Console.Error.WriteLine("usage: seeds READER FOLDER | afl READER | replay READER FILE\nreaders: " +
            string.Join(", ", FuzzTarget.All.Select(t => t.Name)));
        return 2;
}
