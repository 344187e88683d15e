System.Console.WriteLine("unseen");
